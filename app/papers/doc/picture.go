package doc

import (
	"bytes"
	"errors"
	"image"
	_ "image/jpeg" // the two kinds of picture a paper may hold
	_ "image/png"
)

// ErrPicture is returned for a picture that is neither JPEG nor PNG, or is broken.
var ErrPicture = errors.New("图片无法读取：只支持 JPEG 或 PNG")

// pictureSize tells the kind ("jpeg", "png") and the size in pixels of an image.
func pictureSize(data []byte) (kind string, width, height int, err error) {
	cfg, kind, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || cfg.Width < 1 || cfg.Height < 1 {
		return "", 0, 0, ErrPicture
	}
	return kind, cfg.Width, cfg.Height, nil
}

// checkPictures reads the head of every picture of a paper.
func checkPictures(d Document) error {
	for _, b := range d.Blocks {
		var list [][]byte
		switch b := b.(type) {
		case Picture:
			list = [][]byte{b.Data}
		case Signs:
			for _, s := range b.Items {
				if s.Image != nil {
					list = append(list, s.Image)
				}
			}
		}
		for _, data := range list {
			if _, _, _, err := pictureSize(data); err != nil {
				return err
			}
		}
	}
	return nil
}
