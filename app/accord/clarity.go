package accord

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"tiaojie/app/docket"
	"tiaojie/app/papers/forms"
)

// Finding is one thing that the clarity check (明确性检查) found: what a court would refuse to confirm or enforce.
type Finding struct {
	Rule  string // stable code
	At    string // where: a part of the text in words
	Text  string // what is wrong and how to mend it
	Basis string // the rule of law it rests on
	Stop  bool   // the text is not fixed while it stands; else it is fixed by an express word
}

// checked is what the check looks at.
type checked struct {
	body    Body
	form    Form
	reached string
	parties map[string]string // key → name
	issues  []Issue
}

const (
	unclear  = "《民诉法解释》第三百五十八条：调解协议内容不明确的，裁定驳回确认申请"
	contents = "《人民调解法》第二十九条：协议载明履行协议的方式、期限"
	scope    = "《民诉法解释》第三百五十五条：不予受理司法确认的情形"
	lawful   = "《人民调解法》第三条：不违背法律；不得因调解而阻止当事人依法通过仲裁、行政、司法等途径维护权利"
	noFee    = "《人民调解法》第四条：人民调解不收取任何费用"
)

// vague are words by which nobody can tell what is due or when.
var vague = []string{"尽快", "尽量", "适当", "酌情", "若干", "左右", "大约", "大概", "近期", "日后再", "有钱", "条件允许", "经济好转", "视情况", "方便时", "合理期限", "一定数额", "协商解决"}

// outside are matters that a mediation agreement cannot settle, by the words that give them away.
var outside = []struct {
	words       []string
	text, basis string
	stop        bool
}{
	{[]string{"解除婚姻", "婚姻关系解除", "同意离婚", "协议离婚", "自愿离婚", "婚姻无效"}, "婚姻关系的解除和效力不能由调解协议确定，须到婚姻登记机关或者人民法院办理", scope, true},
	{[]string{"收养关系成立", "解除收养", "收养成立", "确认收养"}, "收养关系的成立和解除须依法登记或者由人民法院处理", scope, true},
	{[]string{"亲子关系", "系亲生", "断绝父子", "断绝母子", "断绝亲属"}, "亲子关系不能由调解协议确认或者解除", scope, true},
	{[]string{"所有权归", "产权归", "确认所有权", "使用权归", "确权", "著作权归", "专利权归", "商标权归"}, "确认物权、知识产权归属的内容，人民法院不受理司法确认；可以改写为交付、过户、搬离等具体行为", scope, false},
	{[]string{"刑事责任", "不报案", "撤销刑事", "刑事部分"}, "刑事责任不能由调解协议约定", lawful, true},
	{[]string{"不得起诉", "放弃起诉", "放弃诉权", "放弃诉讼权", "不得申请仲裁", "不得投诉", "不得上访", "不得信访"}, "不能限制当事人起诉、申请仲裁、投诉或者信访的权利", lawful, true},
	{[]string{"调解费", "调解手续费", "调解服务费", "感谢费"}, "人民调解不收费，协议里不能约定向调解组织或者调解员付款", noFee, true},
	{[]string{"限制人身自由", "扣押身份证", "断水断电", "曝光"}, "约定的做法违反法律或者公序良俗", lawful, true},
}

var blank = regexp.MustCompile(`【[^】]*】|_{2,}|＿{2,}|\?\?|××`)

// check reads a text as a court would.
func (k checked) check() []Finding {
	c := &checker{checked: k}
	c.matter()
	c.items()
	if len(k.body.Duties) == 0 {
		c.stop("duty-none", "履行义务", "至少要有一项履行义务：谁、给谁、做什么或者付多少、何时、怎么做；当场做完的也写一项", contents)
	}
	for i, d := range k.body.Duties {
		c.duty(fmt.Sprintf("第%d项义务", i+1), d)
	}
	c.words()
	if k.form == Oral && k.body.Total() > 0 && !k.body.AtOnce() {
		c.warn("oral-later", "协议形式", "以后才付的款项建议做书面协议；口头协议很难申请司法确认和支付令", "《人民调解法》第二十八条：当事人认为无需制作调解协议书的，可以采取口头协议方式")
	}
	return c.found
}

type checker struct {
	checked
	found []Finding
}

func (c *checker) stop(rule, at, text, basis string) {
	c.found = append(c.found, Finding{rule, at, text, basis, true})
}

func (c *checker) warn(rule, at, text, basis string) {
	c.found = append(c.found, Finding{rule, at, text, basis, false})
}

// matter holds the facts and the disputed points to what the law wants told.
func (c *checker) matter() {
	const told = "《人民调解法》第二十九条：协议载明纠纷的主要事实、争议事项以及各方当事人的责任"
	if utf8.RuneCountInString(strings.TrimSpace(c.body.Facts)) < 10 {
		c.stop("facts", "主要事实", "请写明发生了什么，至少一句完整的话", told)
	}
	if len(c.issues) == 0 {
		c.stop("issue-none", "争议事项", "还没有列出争议事项", told)
		return
	}
	if len(c.body.Settled) == 0 {
		c.stop("issue-settled", "争议事项", "请勾选本协议解决了哪几项争议", told)
	}
	for i, p := range c.issues {
		if !c.body.Settles(p.Key) {
			continue
		}
		covered := false
		for _, it := range c.body.Items {
			covered = covered || it.Issue == p.Key || it.Issue == ""
		}
		if !covered {
			c.stop("issue-item", fmt.Sprintf("争议事项%d", i+1), "已勾选达成一致，但协议内容里没有对应的条款", told)
		}
	}
}

func (c *checker) items() {
	if len(c.body.Items) == 0 {
		c.stop("item-none", "协议内容", "还没有写协议内容", contents)
	}
	for i, it := range c.body.Items {
		at := fmt.Sprintf("协议内容%d", i+1)
		if utf8.RuneCountInString(strings.TrimSpace(it.Text)) < 4 {
			c.stop("item-short", at, "内容是空的或者太短", unclear)
		}
	}
}

// duty holds one obligation to payer, payee, amount or act, day and way.
func (c *checker) duty(at string, d Duty) {
	if c.parties[d.From] == "" {
		c.stop("payer", at, "没有写明由谁履行", unclear)
	}
	if c.parties[d.To] == "" {
		c.stop("payee", at, "没有写明向谁履行（收款人）", unclear)
	}
	if d.From != "" && d.From == d.To {
		c.stop("same", at, "义务人和权利人是同一个人", unclear)
	}
	switch {
	case d.Kind == Pay && d.Amount <= 0:
		c.stop("amount", at, "没有写明金额", unclear)
	case d.Kind != Pay && utf8.RuneCountInString(strings.TrimSpace(d.What)) < 4:
		c.stop("act", at, "没有写清楚要做什么、做到什么程度", unclear)
	}
	if strings.TrimSpace(d.How) == "" {
		c.stop("how", at, "没有写明履行方式：怎么付、怎么交、怎么算做好", contents)
	}
	c.due(at, d)
}

func (c *checker) due(at string, d Duty) {
	switch d.When {
	case Once:
	case After:
		if utf8.RuneCountInString(strings.TrimSpace(d.Condition)) < 4 {
			c.stop("condition", at, "条件没有写清楚：发生什么事、以什么为凭", unclear)
		}
		if d.Days <= 0 {
			c.stop("condition-days", at, "没有写明条件成就之后几日内履行", contents)
		}
	default:
		switch {
		case d.Due == "":
			c.stop("day", at, "没有写明履行的日期", contents)
		case c.reached != "" && d.Due < c.reached:
			c.stop("day-past", at, "履行日期"+forms.Day(d.Due).String()+"早于协议达成的日期", unclear)
		case c.reached != "" && d.Due > forever(c.reached):
			c.warn("day-far", at, "履行日期在二十年以后，请核对", unclear)
		}
	}
}

// words looks through every text for blanks, vague words and matters outside mediation.
func (c *checker) words() {
	type part struct {
		at, text string
		duty     bool
	}
	parts := []part{{"主要事实", c.body.Facts, false}}
	for i, it := range c.body.Items {
		parts = append(parts, part{fmt.Sprintf("协议内容%d", i+1), it.Text, true})
	}
	for i, d := range c.body.Duties {
		parts = append(parts, part{fmt.Sprintf("第%d项义务", i+1), strings.Join([]string{d.What, d.Condition, d.How}, "；"), true})
	}
	for _, p := range parts {
		if m := blank.FindString(p.text); m != "" {
			c.stop("blank", p.at, "还有没填的空："+m, unclear)
		}
		if !p.duty {
			continue // facts may tell that somebody came "大约三点"
		}
		for _, w := range vague {
			if strings.Contains(p.text, w) {
				c.stop("vague", p.at, "“"+w+"”说不清楚，请换成具体的日期、数额或者做法", unclear)
			}
		}
		for _, o := range outside {
			for _, w := range o.words {
				if strings.Contains(p.text, w) {
					c.found = append(c.found, Finding{"outside", p.at, "“" + w + "”：" + o.text, o.basis, o.stop})
				}
			}
		}
	}
}

// forever is a day so far off that it is likely a slip of the pen.
func forever(day string) string {
	var y int
	if _, err := fmt.Sscanf(day, "%4d", &y); err != nil {
		return day
	}
	return fmt.Sprintf("%04d%s", y+20, day[4:])
}

// PaperOnlyType tells whether a type of dispute is signed on paper only (电子签名法 3): marriage, adoption, inheritance.
func PaperOnlyType(typeCode string) bool { return docket.MainType(typeCode) == "family" }

// Stops tells whether any finding stands in the way.
func Stops(found []Finding) bool {
	for _, f := range found {
		if f.Stop {
			return true
		}
	}
	return false
}
