package people

import (
	"strings"
	"unicode"

	"github.com/mozillazg/go-pinyin"
)

// surnames are read otherwise than the same characters as words.
var surnames = map[string]string{"单": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "区": "ou", "查": "zha", "朴": "piao",
	"覃": "qin", "盖": "ge", "尉": "wei", "任": "ren", "召": "shao", "乐": "yue", "华": "hua", "纪": "ji", "翟": "zhai", "重": "chong",
	"种": "chong", "冼": "xian", "员": "yun", "缪": "miao", "能": "nai", "乜": "nie", "逄": "pang", "折": "she", "谌": "chen",
	"佴": "nai", "晟": "cheng", "秘": "bi", "繁": "po", "黑": "he", "祭": "zhai", "洗": "xian",
	"尉迟": "yu chi", "万俟": "mo qi", "单于": "chan yu", "长孙": "zhang sun", "澹台": "tan tai", "宿": "su", "令狐": "ling hu"}

// Pinyin spells a name in letters, whole and by initials: "zhangxiaoming", "zxm".
// It is a proposal for an editable field: characters with several readings need a person.
func Pinyin(name string) (full, initials string) {
	runes := []rune(NormName(name))
	var f, i strings.Builder
	for _, syllable := range syllables(runes) {
		f.WriteString(syllable)
		for _, r := range syllable {
			i.WriteRune(r)
			break
		}
	}
	return f.String(), i.String()
}

func syllables(name []rune) []string {
	var out []string
	for n := min(2, len(name)); n > 0; n-- {
		if s, ok := surnames[string(name[:n])]; ok {
			out, name = strings.Fields(s), name[n:]
			break
		}
	}
	args := pinyin.NewArgs()
	for _, r := range name {
		switch p := pinyin.SinglePinyin(r, args); {
		case len(p) > 0:
			out = append(out, p[0])
		case unicode.IsLetter(r), unicode.IsDigit(r):
			out = append(out, string(unicode.ToLower(r)))
		}
	}
	return out
}
