package files

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/xml"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"path/filepath"
	"strings"

	"tiaojie/app/fault"

	"github.com/gabriel-vasile/mimetype"
	"golang.org/x/image/draw"
	"golang.org/x/sync/semaphore"
)

// kinds are the uploads we take: extension → content type. Nothing that a browser
// would run (SVG, HTML) is among them.
var kinds = map[string]string{
	".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".pdf": "application/pdf",
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".mp3":  "audio/mpeg", ".m4a": "audio/x-m4a", ".amr": "audio/amr", ".mp4": "video/mp4",
}

const (
	maxPixels = 40_000_000
	maxSide   = 2560 // pixels; a photo of a wall needs no more
)

// decoding bounds memory: a picture of 40 million pixels takes 160 MB while drawn.
var decoding = semaphore.NewWeighted(1)

func inspect(ctx context.Context, name string, raw []byte) (string, []byte, error) {
	want, ok := kinds[strings.ToLower(filepath.Ext(name))]
	if !ok {
		return "", nil, fault.New(fault.Invalid, "不能上传“"+short(name)+"”：只收 jpg、png 图片，pdf、docx 文件，mp3、m4a、amr 录音和 mp4 视频")
	}
	if found := mimetype.Detect(raw); !found.Is(want) {
		return "", nil, fault.New(fault.Invalid, "“"+short(name)+"”的内容与后缀名不符，没有上传")
	}
	switch want {
	case "image/jpeg", "image/png":
		clean, err := redraw(ctx, name, want, raw)
		return want, clean, err
	case kinds[".docx"]:
		return want, raw, checkDocx(name, raw)
	}
	return want, raw, nil
}

// redraw decodes a picture and draws it anew: no EXIF place, no second file hidden behind it.
func redraw(ctx context.Context, name, kind string, raw []byte) ([]byte, error) {
	bad := fault.New(fault.Invalid, "图片“"+short(name)+"”打不开或尺寸太大，请换一张")
	conf, _, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil || conf.Width*conf.Height > maxPixels || conf.Width < 1 || conf.Height < 1 {
		return nil, bad
	}
	if err := decoding.Acquire(ctx, 1); err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "上传的人较多，请稍后再试")
	}
	defer decoding.Release(1)
	img, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, bad
	}
	img = shrink(turned(img, orientation(raw)))
	var out bytes.Buffer
	if kind == "image/png" {
		err = png.Encode(&out, img)
	} else {
		err = jpeg.Encode(&out, img, &jpeg.Options{Quality: 85})
	}
	return out.Bytes(), err
}

func shrink(img image.Image) image.Image {
	b := img.Bounds()
	side := max(b.Dx(), b.Dy())
	if side <= maxSide {
		return img
	}
	small := image.NewRGBA(image.Rect(0, 0, max(1, b.Dx()*maxSide/side), max(1, b.Dy()*maxSide/side)))
	draw.ApproxBiLinear.Scale(small, small.Bounds(), img, b, draw.Src, nil)
	return small
}

const (
	maxEntries  = 1000
	maxUnpacked = 200 << 20
)

// checkDocx refuses archives that unpack to too much, carry macros or reach outside.
func checkDocx(name string, raw []byte) error {
	bad := fault.New(fault.Invalid, "文档“"+short(name)+"”带有宏、外部链接或已损坏，请另存为普通 docx 后再传")
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil || len(z.File) > maxEntries {
		return bad
	}
	var total uint64
	for _, f := range z.File {
		total += f.UncompressedSize64
		part := strings.ToLower(f.Name)
		if total > maxUnpacked || strings.Contains(part, "vbaproject") || strings.Contains(part, "activex") {
			return bad
		}
		if strings.HasSuffix(part, ".rels") && reachesOut(f) {
			return bad
		}
	}
	return nil
}

// maxRels bounds one list of relationships; a letter's takes a few kilobytes.
const maxRels = 1 << 20

// reachesOut tells of relationships that a word processor would follow by itself when the
// document is opened: a template, a picture or an object from elsewhere. A link that a
// person must click is none. A list that can't be read counts as one.
func reachesOut(f *zip.File) bool {
	r, err := f.Open()
	if err != nil {
		return true
	}
	defer r.Close()
	raw, err := io.ReadAll(io.LimitReader(r, maxRels+1))
	if err != nil || len(raw) > maxRels {
		return true
	}
	var list struct {
		Of []struct {
			Type string `xml:"Type,attr"`
			Mode string `xml:"TargetMode,attr"`
		} `xml:"Relationship"`
	}
	if xml.Unmarshal(raw, &list) != nil {
		return true
	}
	for _, rel := range list.Of {
		if strings.EqualFold(rel.Mode, "External") && !strings.HasSuffix(rel.Type, "/hyperlink") {
			return true
		}
	}
	return false
}
