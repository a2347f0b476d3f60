package files

import (
	"bytes"
	"encoding/binary"
	"image"
)

// orientation reads the one EXIF value that must survive: how the camera was held.
// 1 means upright; anything unreadable counts as upright.
func orientation(jpeg []byte) int {
	i := bytes.Index(jpeg[:min(len(jpeg), 64<<10)], []byte("Exif\x00\x00"))
	if i < 0 || len(jpeg) < i+14 {
		return 1
	}
	tiff := jpeg[i+6:]
	var order binary.ByteOrder = binary.LittleEndian
	if bytes.HasPrefix(tiff, []byte("MM")) {
		order = binary.BigEndian
	}
	at := int(order.Uint32(tiff[4:8]))
	if at < 8 || at+2 > len(tiff) {
		return 1
	}
	n := int(order.Uint16(tiff[at:]))
	for k := range n {
		e := at + 2 + 12*k
		if e+12 > len(tiff) {
			return 1
		}
		if order.Uint16(tiff[e:]) == 0x0112 {
			return int(order.Uint16(tiff[e+8:]))
		}
	}
	return 1
}

// turned draws the picture upright, for the orientations that phones write (3, 6, 8).
func turned(img image.Image, o int) image.Image {
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	var at func(x, y int) (int, int)
	switch o {
	case 3:
		at = func(x, y int) (int, int) { return w - 1 - x, h - 1 - y }
	case 6:
		at = func(x, y int) (int, int) { return h - 1 - y, x }
	case 8:
		at = func(x, y int) (int, int) { return y, w - 1 - x }
	default:
		return img
	}
	size := image.Rect(0, 0, w, h)
	if o != 3 {
		size = image.Rect(0, 0, h, w)
	}
	out := image.NewRGBA(size)
	for y := range h {
		for x := range w {
			nx, ny := at(x, y)
			out.Set(nx, ny, img.At(b.Min.X+x, b.Min.Y+y))
		}
	}
	return out
}
