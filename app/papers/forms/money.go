package forms

import (
	"fmt"
	"strings"
)

// Fen is an amount of money in 分.
type Fen int64

// String writes the amount in yuan, 「8600元」 or 「8600.50元」.
func (f Fen) String() string {
	if f%100 == 0 {
		return fmt.Sprintf("%d元", f/100)
	}
	sign := ""
	if f < 0 {
		sign, f = "-", -f
	}
	return fmt.Sprintf("%s%d.%02d元", sign, f/100, f%100)
}

// Full writes the amount twice, as agreements do so that no figure can be changed:
// 「人民币8600元（大写：捌仟陆佰元整）」.
func (f Fen) Full() string { return "人民币" + f.String() + "（大写：" + f.Capital() + "）" }

var (
	capitals = []rune("零壹贰叁肆伍陆柒捌玖")
	places   = []string{"", "拾", "佰", "仟"}
	myriads  = []string{"", "万", "亿", "万亿", "亿亿"}
)

// Capital writes the amount in capital figures (大写金额) after the rules for bills and receipts:
// a run of zeros is one 零, 整 ends an amount without 分.
func (f Fen) Capital() string {
	if f < 0 {
		return "负" + (-f).Capital()
	}
	yuan, jiao, fen := int64(f/100), int(f/10%10), int(f%10)
	var b strings.Builder
	if yuan > 0 {
		b.WriteString(capital(yuan) + "元")
	}
	switch {
	case jiao == 0 && fen == 0:
		if yuan == 0 {
			b.WriteString("零元")
		}
		b.WriteString("整")
	case fen == 0:
		b.WriteString(string(capitals[jiao]) + "角整")
	default:
		if jiao > 0 {
			b.WriteString(string(capitals[jiao]) + "角")
		} else if yuan > 0 {
			b.WriteString("零")
		}
		b.WriteString(string(capitals[fen]) + "分")
	}
	return b.String()
}

// capital writes a whole positive number. Groups of four digits carry 万, 亿, 万亿.
func capital(n int64) string {
	var groups []int
	for ; n > 0; n /= 10000 {
		groups = append(groups, int(n%10000))
	}
	var b strings.Builder
	gap := false
	for i := len(groups) - 1; i >= 0; i-- {
		g := groups[i]
		if g == 0 {
			gap = true
			continue
		}
		if b.Len() > 0 && (gap || g < 1000) {
			b.WriteRune('零')
		}
		gap = false
		b.WriteString(four(g) + myriads[i])
	}
	return b.String()
}

func four(g int) string {
	var b strings.Builder
	zero := false
	for p, unit := 3, 1000; p >= 0; p, unit = p-1, unit/10 {
		d := g / unit % 10
		if d == 0 {
			zero = b.Len() > 0
			continue
		}
		if zero {
			b.WriteRune('零')
		}
		zero = false
		b.WriteString(string(capitals[d]) + places[p])
	}
	return b.String()
}
