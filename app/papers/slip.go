package papers

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"tiaojie/app/fault"
	"tiaojie/app/papers/forms"
)

// Ask is one fact of a slip as a form asks for it.
type Ask struct {
	Name, Label, Hint string
	Type              AskType
	Need              bool
	Choices           []string // Pick
	Covers            []string // blanks of papers that it fills; a leading * stands for any beginning
}

// AskType is how a fact is typed.
type AskType int

const (
	Line   AskType = iota // one line, at most 100 characters
	Text                  // a longer text
	Items                 // one thing per line
	Talk                  // 问 and 答, line by line
	OnDay                 // a day
	OnTime                // a time of the day
	Pick                  // one of Choices
	Whole                 // a whole number
)

const (
	maxLine = 100
	maxSlip = 20_000
)

// Values are the facts of a slip by the names of its Asks.
type Values map[string]string

// Kind is a kind of slip (填写项): facts that have no home but a paper.
type Kind struct {
	Code, Title string
	Form        string    // the paper that it fills first
	Per         forms.Per // what one slip is for; talks are a list that grows
	Asks        []Ask
	only        func(p forms.Party) bool             // of a party's slip: for persons, or for organisations
	put         func(c *forms.Case, i int, v Values) // into the i-th of its kind
	start       func(f *Facts, i int) Values         // what is known before anybody typed
	check       func(f fault.Form, v Values)
}

// Grows tells whether a case has as many of these slips as somebody adds.
func (k Kind) Grows() bool { return k.Per == forms.PerInquiry }

// KindOf finds a kind of slip by its code.
func KindOf(code string) (Kind, bool) {
	i := slices.IndexFunc(Kinds, func(k Kind) bool { return k.Code == code })
	if i < 0 {
		return Kind{}, false
	}
	return Kinds[i], true
}

// clean trims what was typed, drops what is not asked for, and refuses what cannot be.
func (k Kind) clean(in Values) (Values, error) {
	f, out := fault.Form{}, Values{}
	for _, a := range k.Asks {
		text := strings.TrimSpace(strings.ReplaceAll(in[a.Name], "\r\n", "\n"))
		if text == "" {
			f.Check(!a.Need, a.Name, a.missing())
			continue
		}
		f.Check(utf8.ValidString(text), a.Name, "有无法识别的字符，请重新输入")
		if why := a.refuses(text); why != "" {
			f.Add(a.Name, why)
		}
		out[a.Name] = text
	}
	if k.check != nil {
		k.check(f, out)
	}
	return out, f.Err()
}

func (a Ask) missing() string {
	if a.Type == Pick {
		return "请选择" + a.Label
	}
	return "请填写" + a.Label
}

func (a Ask) refuses(text string) string {
	switch a.Type {
	case Line:
		if utf8.RuneCountInString(text) > maxLine || strings.ContainsRune(text, '\n') {
			return fmt.Sprintf("最多 %d 个字，写在一行里", maxLine)
		}
	case OnDay:
		if _, err := time.Parse(time.DateOnly, text); err != nil {
			return "日期请写成 2026-12-31 的样子"
		}
	case OnTime:
		if _, err := time.Parse("15:04", text); err != nil {
			return "时间请写成 09:30 的样子"
		}
	case Pick:
		if !slices.Contains(a.Choices, text) {
			return "请从列出的选项里选"
		}
	case Whole:
		if n, err := strconv.Atoi(text); err != nil || n < 0 || n > 99999 {
			return "请填写数字"
		}
	case Talk:
		if talk, ok := parseTalk(text); !ok || len(talk) == 0 {
			return "请一问一答分行写：问话的一行以“问：”开头，回答的一行以“答：”开头"
		}
	}
	if utf8.RuneCountInString(text) > maxSlip {
		return fmt.Sprintf("最多 %d 个字，再长请分成几份", maxSlip)
	}
	return ""
}

// listed splits Items into its things, without numbers that somebody typed in front.
func listed(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if at := strings.IndexAny(line, ".、．"); at > 0 {
			if _, err := strconv.Atoi(line[:at]); err == nil {
				_, size := utf8.DecodeRuneInString(line[at:])
				if rest := line[at+size:]; rest == "" || rest[0] < '0' || rest[0] > '9' { // 1.5 is no first thing
					line = strings.TrimSpace(rest)
				}
			}
		}
		if line != "" {
			out = append(out, line)
		}
	}
	return out
}

// parseTalk reads 问 and 答; a line without either goes on with the one before.
func parseTalk(text string) (talk []forms.QA, ok bool) {
	var into *string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		ask, isAsk := spoken(line, "问")
		answer, isAnswer := spoken(line, "答")
		switch {
		case line == "":
		case isAsk:
			talk = append(talk, forms.QA{Ask: ask})
			into = &talk[len(talk)-1].Ask
		case isAnswer && len(talk) > 0:
			last := &talk[len(talk)-1].Answer
			if *last != "" {
				answer = *last + "\n" + answer
			}
			*last, into = answer, last
		case into == nil:
			return nil, false
		default:
			*into += "\n" + line
		}
	}
	return talk, true
}

func spoken(line, mark string) (string, bool) {
	for _, colon := range []string{"：", ":"} {
		if rest, ok := strings.CutPrefix(line, mark+colon); ok {
			return strings.TrimSpace(rest), true
		}
	}
	return "", false
}

// moment joins a day and a time of the day in Shenzhen; zero while one is missing.
func moment(day, clock string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", day+" "+clock, shanghai)
	if err != nil {
		return time.Time{}
	}
	return t
}

// covers tells whether a fact fills a blank of that name.
func (a Ask) covers(blank string) bool {
	return slices.ContainsFunc(a.Covers, func(c string) bool {
		if tail, any := strings.CutPrefix(c, "*"); any {
			return strings.HasSuffix(blank, tail)
		}
		return c == blank
	})
}
