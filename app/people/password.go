package people

import (
	"context"
	_ "embed"
	"fmt"
	"strings"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"tiaojie/app/fault"

	"github.com/alexedwards/argon2id"
	"golang.org/x/sync/semaphore"
)

// hasher bounds how many passwords are hashed at once: each takes 19 MiB and a core
// for 25 ms, and unlimited sign-ins would slow every reader ninetyfold.
type hasher struct {
	params  argon2id.Params
	turn    *semaphore.Weighted
	waiting atomic.Int64
}

// hashQueue is how many may wait for their turn.
const hashQueue = 32

func (h *hasher) wait(ctx context.Context) (done func(), err error) {
	if h.waiting.Add(1) > hashQueue {
		h.waiting.Add(-1)
		return nil, fault.New(fault.Unavailable, "登录的人较多,请过一分钟再试")
	}
	defer h.waiting.Add(-1)
	if err := h.turn.Acquire(ctx, 1); err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "登录的人较多,请过一分钟再试")
	}
	return func() { h.turn.Release(1) }, nil
}

func (h *hasher) make(ctx context.Context, password string) (string, error) {
	done, err := h.wait(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	return argon2id.CreateHash(password, &h.params)
}

func (h *hasher) same(ctx context.Context, password, hash string) (bool, error) {
	done, err := h.wait(ctx)
	if err != nil {
		return false, err
	}
	defer done()
	return argon2id.ComparePasswordAndHash(password, hash)
}

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
		return []string{"至少 12 个字符,越长越好,可以是一句话", "不能是常见口令,不能含账号、姓名、手机号"}
	}
	return []string{"至少 8 个字符,含大写字母、小写字母、数字、符号中的三种", "不能是常见口令,不能含账号、姓名、手机号", "不能与最近 5 次用过的相同,每 90 天更换"}
}

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
	case n > 128:
		return fault.At("new", "口令最多 128 个字符")
	case s.opts.Profile == "djbh3" && classes(password) < 3:
		return fault.At("new", "口令要含大写字母、小写字母、数字、符号中的三种")
	}
	low := strings.ToLower(password)
	if common[low] || common[strings.TrimRight(low, "0123456789!@#.")] {
		return fault.At("new", "这个口令太常见,请换一个")
	}
	for _, word := range []string{"龙岗", "宝龙", "调解", "longgang", "baolong", "tiaojie", strings.ToLower(a.Login), a.Name, a.Pinyin, phone} {
		if utf8.RuneCountInString(word) >= 2 && strings.Contains(low, word) {
			return fault.At("new", "口令里不要含账号、姓名、手机号或单位名称")
		}
	}
	return nil
}

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
