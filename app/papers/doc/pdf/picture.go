package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	_ "image/jpeg" // pictures arrive as JPEG or PNG
	_ "image/png"
)

// ErrPicture is returned for data that is no JPEG or PNG, or has more pixels than a scan needs.
var ErrPicture = errors.New("pdf: unreadable picture")

// maxPixels bounds a PNG in memory, where it must be unpacked: an A4 sheet at 400 dpi has 15 million.
const maxPixels = 20_000_000

// Picture is an image in one file; it may be drawn on many pages.
type Picture struct {
	ref           Ref
	Width, Height int // pixels
}

// Picture adds a JPEG (kept as it is) or a PNG (laid on white) to the file.
func (w *Writer) Picture(data []byte) (*Picture, error) {
	cfg, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || cfg.Width <= 0 || cfg.Height <= 0 {
		return nil, ErrPicture
	}
	img := &Picture{ref: 0, Width: cfg.Width, Height: cfg.Height}
	if format == "jpeg" && cfg.ColorModel != color.CMYKModel {
		space := "/DeviceRGB"
		if cfg.ColorModel == color.GrayModel {
			space = "/DeviceGray"
		}
		img.ref = w.alloc()
		w.raw(img.ref, pictureEntries(img, space)+" /Filter /DCTDecode", data)
		return img, nil
	}
	if cfg.Width > maxPixels/cfg.Height {
		return nil, ErrPicture
	}
	decoded, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, ErrPicture
	}
	img.ref = w.alloc()
	w.stream(img.ref, pictureEntries(img, "/DeviceRGB"), onWhite(decoded))
	return img, nil
}

func pictureEntries(img *Picture, space string) string {
	return fmt.Sprintf(" /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace %s /BitsPerComponent 8", img.Width, img.Height, space)
}

// onWhite gives rows of red, green, blue; what is transparent becomes paper.
func onWhite(img image.Image) []byte {
	b := img.Bounds()
	out := make([]byte, 0, 3*b.Dx()*b.Dy())
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			r, g, bl, a := img.At(x, y).RGBA() // premultiplied, so white needs only to be added
			white := 0xffff - a
			out = append(out, byte((r+white)>>8), byte((g+white)>>8), byte((bl+white)>>8))
		}
	}
	return out
}
