package people

import (
	"regexp"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/width"
)

// tidy brings full-width letters, digits and signs, as Chinese keyboards give them,
// to the plain ones, drops what is no text, and trims.
func tidy(text string) string {
	return strings.TrimSpace(width.Fold.String(strings.ToValidUTF8(text, "")))
}

// NormPhone brings a phone number to digits; ok is false for an impossible one.
// Mobile numbers have 11 digits, fixed ones an area code or 7–8 digits, 400 and 800
// lines 10. A number from outside the mainland keeps its + and country code.
func NormPhone(text string) (phone string, ok bool) {
	n, abroad, ok := phoneDigits(tidy(text))
	if !ok {
		return "", false
	}
	if rest, home := strings.CutPrefix(n, "86"); home && (abroad || len(n) == 13) {
		n, abroad = rest, false
		if n != "" && n[0] != '1' && n[0] != '0' {
			n = "0" + n
		}
	}
	switch {
	case abroad && len(n) >= 8 && len(n) <= 15: // ITU-T E.164
		return "+" + n, true
	case !abroad && (Mobile(n) || fixedLine.MatchString(n)):
		return n, true
	}
	return "", false
}

// phoneDigits keeps the digits; abroad tells a leading + or 00.
func phoneDigits(text string) (digits string, abroad, ok bool) {
	if rest, plus := strings.CutPrefix(text, "+"); plus {
		text, abroad = rest, true
	} else if rest, zeros := strings.CutPrefix(text, "00"); zeros {
		text, abroad = rest, true
	}
	var b strings.Builder
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case strings.ContainsRune(" -()\u00a0\u2010\u2011\u2012\u2013\u2014", r):
		default:
			return "", false, false
		}
	}
	return b.String(), abroad, true
}

var (
	mobile    = regexp.MustCompile(`^1[3-9]\d{9}$`)
	fixedLine = regexp.MustCompile(`^(0[1-9]\d{8,10}|[2-9]\d{6,7}|[48]00\d{7})$`)
)

// Mobile tells whether a normalised number is a mainland mobile number, which can
// get a text message.
func Mobile(phone string) bool { return mobile.MatchString(phone) }

var idWeights = []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}

const idChecks = "10X98765432"

// NormID brings an 18-digit identity number to one spelling and checks its day of
// birth and its check digit (GB 11643-1999). The residence permits of people from
// Hong Kong, Macao and Taiwan and the permanent residence card of 2023 follow the
// same rule. ok is false for an impossible one.
func NormID(text string) (id string, ok bool) {
	n := strings.ToUpper(strings.ReplaceAll(tidy(text), " ", ""))
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
	if _, err := time.Parse("20060102", n[6:14]); err != nil || n[17] != idChecks[sum%11] {
		return "", false
	}
	return n, true
}

const creditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

var creditWeights = []int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}

// NormCredit brings a 统一社会信用代码 to one spelling and checks its digit
// (GB 32100-2015). ok is false for an impossible one.
func NormCredit(text string) (code string, ok bool) {
	n := strings.ToUpper(strings.ReplaceAll(tidy(text), " ", ""))
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
	if n[17] != creditAlphabet[(31-sum%31)%31] {
		return "", false
	}
	return n, true
}

// middleDot unifies the dots of names like 买买提·艾力, which keyboards give in
// many ways.
var middleDot = strings.NewReplacer("\u2022", "\u00b7", "\u2027", "\u00b7", "\u30fb", "\u00b7", "\u2219", "\u00b7", "\u22c5", "\u00b7")

// NormName brings a person's name to one spelling: no spaces between characters, one
// space between Latin words, one kind of middle dot.
func NormName(text string) string {
	words := strings.Fields(middleDot.Replace(tidy(text)))
	var b strings.Builder
	for i, w := range words {
		if i > 0 && isLatin(words[i-1]) && isLatin(w) {
			b.WriteByte(' ')
		}
		b.WriteString(w)
	}
	return b.String()
}

func isLatin(word string) bool {
	return strings.IndexFunc(word, func(r rune) bool { return !unicode.Is(unicode.Latin, r) && r != '.' && r != '-' && r != '\'' }) < 0
}

// within is what an address of Shenzhen may begin with or leave out.
var within = regexp.MustCompile(`^(中国)?(广东省)?(深圳市?)?((福田|罗湖|盐田|南山|宝安|龙岗|龙华|坪山|光明)区|大鹏新区)?(\p{Han}{2,4}街道(办事处)?)?`)

// houseWords are different words for the same step of an address.
var houseWords = strings.NewReplacer("号楼", "栋", "幢", "栋", "座", "栋", "室", "房", "号房", "房")

// NormAddress brings an address to one spelling, so that equal places have equal blind
// indexes: what lies above the street's name goes, spaces and signs go, but numbers
// stay apart, for 1-12 is not 11-2.
func NormAddress(text string) string {
	t := within.ReplaceAllString(strings.ReplaceAll(strings.ToLower(tidy(text)), " ", ""), "")
	var b strings.Builder
	gap, digit := false, false
	for _, r := range strings.TrimSuffix(houseWords.Replace(t), "房") {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			gap = true
			continue
		}
		if gap && digit && unicode.IsDigit(r) {
			b.WriteByte('-')
		}
		b.WriteRune(r)
		gap, digit = false, unicode.IsDigit(r)
	}
	return b.String()
}

// NormOrg brings the name of a firm or an office to one spelling: no spaces, no
// signs, small letters, one word for a company of limited liability.
func NormOrg(text string) string {
	t := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, tidy(text))
	return strings.ReplaceAll(t, "有限责任公司", "有限公司")
}
