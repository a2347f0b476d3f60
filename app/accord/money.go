package accord

import (
	"strconv"
	"strings"

	"tiaojie/app/papers/forms"
)

// maxFen bounds an amount: one hundred million yuan.
const maxFen = 100_000_000_00

// ParseYuan reads a typed amount in yuan as whole 分: 8600, 8,600.5, ８６００元. ok is false for anything else.
func ParseYuan(text string) (forms.Fen, bool) {
	text = strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case r == '．':
			return '.'
		case r == ',' || r == '，' || r == ' ' || r == '元' || r == '¥' || r == '￥':
			return -1
		}
		return r
	}, text)
	yuan, cents, point := strings.Cut(text, ".")
	if point && (cents == "" || len(cents) > 2) {
		return 0, false
	}
	for _, r := range yuan + cents {
		if r < '0' || r > '9' {
			return 0, false
		}
	}
	n, err := strconv.ParseInt(yuan+(cents + "00")[:2], 10, 64)
	if err != nil || yuan == "" || n > maxFen {
		return 0, false
	}
	return forms.Fen(n), true
}

// YuanText spells an amount for an input: 8600 or 8600.50.
func YuanText(f forms.Fen) string {
	if f == 0 {
		return ""
	}
	return strings.TrimSuffix(f.String(), "元")
}

// split shares a sum in n parts; the last one carries the rest.
func split(sum forms.Fen, n int) []forms.Fen {
	out := make([]forms.Fen, n)
	for i := range out {
		out[i] = sum / forms.Fen(n)
	}
	out[n-1] = sum - out[0]*forms.Fen(n-1)
	return out
}

func fenOf(n int64) forms.Fen { return forms.Fen(n) }
