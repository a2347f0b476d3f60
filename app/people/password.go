package people

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tiaojie/app/fault"
)

//go:embed common-passwords.txt
var commonText string

var common = func() map[string]bool {
	out := map[string]bool{}
	for line := range strings.SplitSeq(commonText, "\n") {
		if w := strings.TrimSpace(line); w != "" {
			out[w] = true
		}
	}
	return out
}()

// PasswordRules describes the rules in force, for the form.
func (s *Service) PasswordRules() []string {
	if s.opts.Profile == "asvs" {
		return []string{"至少 12 个字符，越长越好，可以是一句话", "不能是常见口令，不能含账号、姓名、手机号"}
	}
	return []string{"至少 8 个字符，含大写字母、小写字母、数字、符号中的三种", "不能是常见口令，不能含账号、姓名、手机号", "不能与最近 5 次用过的相同，每 90 天更换"}
}

// longest is what is hashed at the most; a sentence fits (ASVS 6.2.9 asks for 64).
const longest = 128

// checkPassword holds a new password to the profile (等保 8.1.4.1 a; ASVS 6.2).
func (s *Service) checkPassword(password string, a Account, phone string) error {
	n := utf8.RuneCountInString(password)
	shortest := 8
	if s.opts.Profile == "asvs" {
		shortest = 12
	}
	switch {
	case n < shortest:
		return fault.At("new", fmt.Sprintf("口令至少 %d 个字符", shortest))
	case n > longest:
		return fault.At("new", fmt.Sprintf("口令最多 %d 个字符", longest))
	case s.opts.Profile == "djbh3" && classes(password) < 3:
		return fault.At("new", "口令要含大写字母、小写字母、数字、符号中的三种")
	case predictable(password):
		return fault.At("new", "这个口令太常见，请换一个")
	}
	low := strings.ToLower(password)
	for _, word := range contextWords(a, phone) {
		if strings.Contains(low, word) {
			return fault.At("new", "口令里不要含账号、姓名、手机号或单位名称")
		}
	}
	return nil
}

// contextWords are what somebody who knows the person or the street tries first
// (ASVS 6.2.11).
func contextWords(a Account, phone string) []string {
	full, _, _ := strings.Cut(a.Pinyin, " ") // initials alone are too short to mean anything
	words := []string{"龙岗", "宝龙", "调解", "longgang", "baolong", "tiaojie", a.Login, a.Name, full, phone}
	if len(phone) == 11 {
		words = append(words, phone[5:])
	}
	var out []string
	for _, w := range words {
		if utf8.RuneCountInString(w) >= 2 {
			out = append(out, strings.ToLower(w))
		}
	}
	return out
}

// classes counts which of upper case, lower case, digits and signs a password has.
func classes(password string) int {
	var lower, upper, digit, other int
	for _, r := range password {
		switch {
		case unicode.IsLower(r):
			lower = 1
		case unicode.IsUpper(r):
			upper = 1
		case unicode.IsDigit(r):
			digit = 1
		default:
			other = 1
		}
	}
	return lower + upper + digit + other
}

// lookalikes are the signs that stand for letters in P@ssw0rd.
var lookalikes = strings.NewReplacer("@", "a", "4", "a", "0", "o", "1", "l", "!", "i", "3", "e", "$", "s", "5", "s", "7", "t")

// predictable tells a password that guessing programs try among their first
// thousands: a common one, a common word dressed up, few signs repeated, or a walk
// along the keyboard (ASVS 6.2.4).
func predictable(password string) bool {
	low := strings.ToLower(password)
	bare := strings.Trim(low, "0123456789!@#$%^&*._-+=?~")
	if common[low] || len(bare) >= 4 && common[bare] || common[lookalikes.Replace(bare)] {
		return true
	}
	return varied(low) < 5 || walked(low)*2 > len(low)
}

// varied counts the different characters.
func varied(text string) int {
	seen := map[rune]bool{}
	for _, r := range text {
		seen[r] = true
	}
	return len(seen)
}

// walks are the rows and the slanting columns of a keyboard, and the alphabet.
var walks = []string{"1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz",
	"1qaz2wsx3edc4rfv5tgb6yhn7ujm", "!qaz@wsx#edc$rfv%tgb^yhn&ujm", "1q2w3e4r5t6y7u8i9o0p", "qazwsxedcrfvtgbyhnujm"}

// walked counts the characters of all stretches of three and more along a walk,
// forwards or backwards.
func walked(low string) int {
	n := 0
	for i := 0; i < len(low); {
		best := 0
		for _, line := range lines {
			best = max(best, run(low[i:], line))
		}
		if best < 3 {
			best = 0
		}
		n += best
		i += max(best, 1)
	}
	return n
}

// lines are the walks in both directions.
var lines = func() []string {
	var out []string
	for _, w := range walks {
		b := []byte(w)
		slices.Reverse(b)
		out = append(out, w, string(b))
	}
	return out
}()

// run gives the length in bytes of the beginning of text that stands in line.
func run(text, line string) int {
	n := 0
	for n < len(text) && strings.Contains(line, text[:n+1]) {
		n++
	}
	return n
}
