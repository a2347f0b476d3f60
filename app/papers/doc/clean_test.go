package doc

import "testing"

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"张三":                        "张三",
		"甲\r\n乙\r丙\u2028丁\v戊":       "甲\n乙\n丙\n丁\n戊",
		"左\t右":                      "左 右",
		"\x00\x07姓\x1b名\x7f\u0085":  "姓名",
		"零\u200b宽\ufeff\u202e倒":     "零宽倒",
		"\xff坏\xc0字节":               "坏字节",
		"替\ufffd换":                  "替\ufffd换",
		"葛\ufe00葛\U000e0100":        "葛葛",
		"非\ufffe字\U0001ffff符\ufdd0": "非字符",
		"𠮷😀":                        "𠮷😀",
	} {
		if got := clean(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}
