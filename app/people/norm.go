package people

import (
	"strings"
	"unicode"

	"github.com/mozillazg/go-pinyin"
)

// NormPhone brings a phone number to digits; ok is false for an impossible one.
// Mobile numbers have 11 digits, fixed ones an area code or 7–8 digits.
func NormPhone(text string) (string, bool) {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case r >= '0' && r <= '9': // full width, as Chinese keyboards give
			b.WriteRune(r - '0' + '0')
		case strings.ContainsRune(" -  ()()+", r):
		default:
			return "", false
		}
	}
	n := strings.TrimPrefix(b.String(), "86")
	if len(n) != 11 {
		n = b.String()
	}
	switch {
	case len(n) == 11 && n[0] == '1' && n[1] >= '3':
		return n, true
	case len(n) >= 10 && len(n) <= 12 && n[0] == '0', len(n) == 7 || len(n) == 8:
		return n, true
	}
	return "", false
}

var (
	idWeights = []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	idChecks  = "10X98765432"
)

// NormID brings an 18-digit identity number to one spelling and checks its digit
// (GB 11643-1999); ok is false for an impossible one.
func NormID(text string) (string, bool) {
	n := strings.ToUpper(strings.TrimSpace(text))
	if len(n) != 18 {
		return "", false
	}
	sum := 0
	for i, w := range idWeights {
		if n[i] < '0' || n[i] > '9' {
			return "", false
		}
		sum += int(n[i]-'0') * w
	}
	return n, n[17] == idChecks[sum%11]
}

const creditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

var creditWeights = []int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}

// NormCredit brings a 统一社会信用代码 to one spelling and checks its digit (GB 32100-2015).
func NormCredit(text string) (string, bool) {
	n := strings.ToUpper(strings.TrimSpace(text))
	if len(n) != 18 {
		return "", false
	}
	sum := 0
	for i, w := range creditWeights {
		v := strings.IndexByte(creditAlphabet, n[i])
		if v < 0 {
			return "", false
		}
		sum += v * w
	}
	check := (31 - sum%31) % 31
	return n, n[17] == creditAlphabet[check]
}

// MaskName keeps the surname: 张**.
func MaskName(name string) string {
	r := []rune(name)
	if len(r) <= 1 {
		return name
	}
	return string(r[0]) + strings.Repeat("*", min(len(r)-1, 2))
}

// MaskPhone keeps the first three and last four digits: 138****8000.
func MaskPhone(phone string) string {
	if len(phone) < 8 {
		return strings.Repeat("*", len(phone))
	}
	return phone[:3] + strings.Repeat("*", len(phone)-7) + phone[len(phone)-4:]
}

// MaskID keeps the first three and last four characters, which hides the day of birth.
func MaskID(id string) string {
	if len(id) < 8 {
		return strings.Repeat("*", len(id))
	}
	return id[:3] + strings.Repeat("*", len(id)-7) + id[len(id)-4:]
}

// surnames are read otherwise than as words.
var surnames = map[rune]string{'单': "shan", '曾': "zeng", '解': "xie", '仇': "qiu", '区': "ou", '查': "zha", '朴': "piao",
	'覃': "qin", '盖': "ge", '尉': "wei", '任': "ren", '召': "shao", '乐': "yue", '华': "hua", '纪': "ji", '翟': "zhai", '重': "chong", '种': "chong"}

// Pinyin spells a name in letters, whole and by initials: "zhangxiaoming", "zxm".
// It is a proposal for an editable field: characters with several readings need a person.
func Pinyin(name string) (full, initials string) {
	args := pinyin.NewArgs()
	var f, i strings.Builder
	for at, r := range []rune(name) {
		syllable := ""
		if s, ok := surnames[r]; ok && at == 0 {
			syllable = s
		} else if p := pinyin.SinglePinyin(r, args); len(p) > 0 {
			syllable = p[0]
		} else if unicode.IsLetter(r) || unicode.IsDigit(r) {
			syllable = strings.ToLower(string(r))
		}
		if syllable == "" {
			continue
		}
		f.WriteString(syllable)
		i.WriteByte(syllable[0])
	}
	return f.String(), i.String()
}
