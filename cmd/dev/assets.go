package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

const staticDir = "static"

// builds lists the bundles. The signature pad cannot be lowered to Safari 13, so
// it is a bundle of its own that only the signing pages load: an old iPhone
// loses the drawing, not the page.
var builds = []struct{ target, entries string }{
	{"es2017,chrome80,safari13", "src/app.js src/app.css"},
	{"es2017,chrome80,safari15", "src/sign.js"},
}

// assets bundles the browser files into static/dist under names that carry a
// hash of their content. dist is committed, so building the program needs no Node.
func assets(ctx context.Context, _ []string) error {
	if _, err := os.Stat(filepath.Join(staticDir, "node_modules")); err != nil {
		if err := inStatic(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"); err != nil {
			return err
		}
	}
	dist := filepath.Join(staticDir, "dist")
	if err := os.RemoveAll(dist); err != nil {
		return err
	}
	for _, b := range builds {
		args := append([]string{"tool", "esbuild"}, strings.Fields(b.entries)...)
		args = append(args, "--bundle", "--minify", "--charset=utf8", "--target="+b.target,
			"--entry-names=[name]-[hash]", "--outdir=dist", "--log-level=warning")
		if err := inStatic(ctx, "go", args...); err != nil {
			return err
		}
	}
	if err := sprite(dist); err != nil {
		return err
	}
	favicon, err := os.ReadFile(filepath.Join(staticDir, "src", "favicon.svg"))
	if err != nil {
		return err
	}
	if err := writeHashed(dist, "favicon", ".svg", favicon); err != nil {
		return err
	}
	return copyAxe()
}

func inStatic(ctx context.Context, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = staticDir, os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

var svgBody = regexp.MustCompile(`(?s)<svg[^>]*>(.*)</svg>`)

// sprite joins the icons named in icons.txt into one file of symbols.
func sprite(dist string) error {
	names, err := os.ReadFile(filepath.Join(staticDir, "src", "icons.txt"))
	if err != nil {
		return err
	}
	var out strings.Builder
	out.WriteString("<!-- Lucide icons, ISC License, Copyright (c) Lucide Icons and Contributors -->\n" +
		`<svg xmlns="http://www.w3.org/2000/svg">` + "\n")
	for name := range strings.FieldsSeq(string(names)) {
		svg, err := os.ReadFile(filepath.Join(staticDir, "node_modules", "lucide-static", "icons", name+".svg"))
		if err != nil {
			return err
		}
		body := svgBody.FindSubmatch(svg)
		if body == nil {
			return fmt.Errorf("icon %s: no svg element", name)
		}
		fmt.Fprintf(&out, `<symbol id="%s" viewBox="0 0 24 24">%s</symbol>`+"\n", name, strings.Join(strings.Fields(string(body[1])), " "))
	}
	out.WriteString("</svg>\n")
	return writeHashed(dist, "icons", ".svg", []byte(out.String()))
}

func writeHashed(dist, name, ext string, body []byte) error {
	sum := sha256.Sum256(body)
	hash := strings.ToUpper(hex.EncodeToString(sum[:])[:8])
	return os.WriteFile(filepath.Join(dist, name+"-"+hash+ext), body, 0o644)
}

// copyAxe puts the accessibility checker where browser tests find it without Node.
func copyAxe() error {
	js, err := os.ReadFile(filepath.Join(staticDir, "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		return err
	}
	dir := filepath.Join(staticDir, "testdata")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "axe.min.js"), js, 0o644)
}
