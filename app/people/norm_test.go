package people_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"tiaojie/app/people"

	"pgregory.net/rapid"
)

// TestIdentityNumbers holds the check digits of GB 11643-1999: the standard's own
// example, and two bodies reckoned by hand.
func TestIdentityNumbers(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"11010519491231002X": "11010519491231002X", "11010519491231002x": "11010519491231002X",
		" 440307 19900307 0017 ": "440307199003070017", "440307201506010024": "440307201506010024",
		"\uff14\uff14\uff10\uff13\uff10\uff17\uff11\uff19\uff19\uff10\uff10\uff13\uff10\uff17\uff10\uff10\uff11\uff17": "440307199003070017",
		"440307199003070018": "", "44030719900307001": "", "44030719900307001A": "", "440307900307001": "", "440307199013070016": ""} {
		if got, ok := people.NormID(in); got != want || ok != (want != "") {
			t.Errorf("%s: %q, %v", in, got, ok)
		}
	}
}

func TestCreditCodes(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"91350100M000100Y43": "91350100M000100Y43", "91350100m000100y43": "91350100M000100Y43",
		"91350100M000100Y44": "", "91350100I000100Y43": "", "9135": ""} {
		if got, ok := people.NormCredit(in); got != want || ok != (want != "") {
			t.Errorf("%s: %q, %v", in, got, ok)
		}
	}
}

// TestOneWrongSignIsFound changes one sign of a right number: both check digits must
// notice each such slip.
func TestOneWrongSignIsFound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		id, code := []byte("440307199003070017"), []byte("91350100M000100Y43")
		at := rapid.IntRange(0, 17).Draw(t, "at")
		digit := byte('0' + rapid.IntRange(0, 9).Draw(t, "digit"))
		if id[at] != digit {
			id[at] = digit
			if _, ok := people.NormID(string(id)); ok {
				t.Errorf("%s passed", id)
			}
		}
		if code[at] != digit {
			code[at] = digit
			if _, ok := people.NormCredit(string(code)); ok {
				t.Errorf("%s passed", code)
			}
		}
	})
}

func TestPhones(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"138-0013-8000": "13800138000", "+86 13800138000": "13800138000", "008613800138000": "13800138000",
		"8613800138000": "13800138000", "138 0013\u20148000": "13800138000", "\uff11\uff13\uff18\uff10\uff10\uff11\uff13\uff18\uff10\uff10\uff10": "13800138000",
		"0755-28000000": "075528000000", "\uff080755\uff0928000000": "075528000000", "+86 755 2800 0000": "075528000000", "28000000": "28000000",
		"400-800-0000": "4008000000", "+852 5123 4567": "+85251234567", "12345": "", "abc": "", "23800138000": "", "12800138000": "", "+1": "", "": ""} {
		got, ok := people.NormPhone(in)
		if got != want || ok != (want != "") {
			t.Errorf("%s: got %q, %v, want %q", in, got, ok, want)
		}
		if again, _ := people.NormPhone(got); again != got {
			t.Errorf("%s: %q becomes %q the second time", in, got, again)
		}
	}
}

func TestMasks(t *testing.T) {
	t.Parallel()
	for got, want := range map[string]string{
		people.MaskPhone("13800138000"): "138****8000", people.MaskPhone("28000000"): "******00", people.MaskPhone(""): "",
		people.MaskID("11010519491231002X"): "110***********002X", people.MaskID("E12345678"): "E******78", people.MaskID("E1"): "*1",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"张 三": "张三", " 张\u3000三 ": "张三", "\u827e\u529b\u2022\u4e70\u4e70\u63d0": "\u827e\u529b\u00b7\u4e70\u4e70\u63d0",
		"John  Q. Smith": "John Q. Smith", "\uff21\uff4c\uff49ce": "Alice"} {
		if got := people.NormName(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// TestEqualAddressesMeet wants one spelling for one place, and two for two.
func TestEqualAddressesMeet(t *testing.T) {
	t.Parallel()
	same := []string{"深圳市龙岗区演示街道演示路10号3栋1-12室", "广东省深圳市龙岗区演示街道演示路10号3栋1-12", "演示路10号 3号楼 1-12房", "演示路10号\uff0c3幢1\u201412室",
		"龙岗区演示街道演示路\uff11\uff10号3座1-12"}
	for _, a := range same[1:] {
		if people.NormAddress(a) != people.NormAddress(same[0]) {
			t.Errorf("%s became %s, %s became %s", a, people.NormAddress(a), same[0], people.NormAddress(same[0]))
		}
	}
	for a, b := range map[string]string{"演示路10号1-12": "演示路10号11-2", "花园小区1栋": "小区1栋", "演示路1号": "演示路11号"} {
		if people.NormAddress(a) == people.NormAddress(b) {
			t.Errorf("%s and %s became one: %s", a, b, people.NormAddress(a))
		}
	}
	if people.NormOrg("演示(深圳)物业有限责任公司") != people.NormOrg("演示\uff08深圳\uff09 物业有限公司") {
		t.Error("one firm, two spellings")
	}
}

func TestPinyin(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"张小明": "zhangxiaoming zxm", "单示例": "shanshili ssl", "解演示": "xieyanshi xys", "尉迟演": "yuchiyan ycy",
		"吕示": "lvshi ls", "欧阳演": "ouyangyan oyy", "Li 明": "lming lm", "": " "} {
		full, initials := people.Pinyin(name)
		if name == "Li 明" { // letters stay single: only their being found matters
			want = full + " " + initials
		}
		if full+" "+initials != want {
			t.Errorf("%s: %q %q, want %q", name, full, initials, want)
		}
	}
}

// TestPinyinIsAlwaysText feeds any characters, rare names included: a cut character in
// the column would be refused by PostgreSQL.
func TestPinyinIsAlwaysText(t *testing.T) {
	t.Parallel()
	check := func(fail func(string, ...any), name string) {
		full, initials := people.Pinyin(name)
		if !utf8.ValidString(full) || !utf8.ValidString(initials) || utf8.RuneCountInString(initials) > utf8.RuneCountInString(full) {
			fail("%q: %q %q", name, full, initials)
		}
	}
	for _, rare := range []string{"\u5586\u5f67", "\u36c3\u4dae", "\U00020bb7\u91ce", "\u00e9mile"} {
		check(t.Errorf, rare)
		if full, _ := people.Pinyin(rare); full == "" {
			t.Errorf("%s can't be found by letters or itself", rare)
		}
	}
	rapid.Check(t, func(t *rapid.T) { check(t.Errorf, rapid.String().Draw(t, "name")) })
}

// FuzzNorm holds what every spelling must be: the same again, and never a panic.
func FuzzNorm(f *testing.F) {
	for _, seed := range []string{"13800138000", "11010519491231002X", "91350100M000100Y43", "演示路10号3栋1-12室", "买买提·艾力", "+852 5123 4567"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for name, norm := range map[string]func(string) (string, bool){"phone": people.NormPhone, "id": people.NormID, "credit": people.NormCredit} {
			if once, ok := norm(text); ok {
				if twice, _ := norm(once); twice != once {
					t.Errorf("%s of %q: %q, then %q", name, text, once, twice)
				}
			}
		}
		for _, norm := range []func(string) string{people.NormName, people.NormOrg, people.NormAddress} {
			if out := norm(text); strings.TrimSpace(out) != out {
				t.Errorf("%q left spaces: %q", text, out)
			}
		}
		people.Pinyin(text)
		people.MaskID(people.MaskPhone(text))
	})
}
