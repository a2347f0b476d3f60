package accord

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"tiaojie/app/papers/forms"
)

// Body is the text of an agreement. A draft holds what is being written; Fix adds the parties, the points in
// words and the number, and from then on it is never written again.
type Body struct {
	Facts    string   `json:"facts"` // 主要事实
	Items    []Item   `json:"items"` // 协议内容
	Duties   []Duty   `json:"duties"`
	Place    string   `json:"place,omitempty"`    // 履行地点
	Personal bool     `json:"personal,omitempty"` // 涉及人身关系: paper only
	Settled  []string `json:"settled"`            // keys of the points that this agreement settles

	Number    string   `json:"number,omitempty"`
	Form      Form     `json:"form,omitempty"`
	ReachedOn string   `json:"reached_on,omitempty"`
	Dispute   string   `json:"dispute,omitempty"`
	Parties   []Person `json:"parties,omitempty"`
	Mediator  string   `json:"mediator,omitempty"`
	Committee string   `json:"committee,omitempty"`
	Points    []Point  `json:"points,omitempty"`
}

// Item is one clause of what was agreed.
type Item struct {
	Key     string `json:"key"`
	Issue   string `json:"issue,omitempty"` // the point it settles, "" for all of them
	Text    string `json:"text"`
	Clause  string `json:"clause,omitempty"` // code of the library clause it began with
	Version string `json:"version,omitempty"`
}

// Kind of an obligation.
const (
	Pay = "pay" // 付款
	Do  = "do"  // 做一件事
)

// When an obligation falls due.
const (
	ByDay = "day"   // by a day
	Once  = "once"  // performed on the spot when the agreement is made
	After = "after" // within days after a condition is met
)

// Duty is one obligation (履行义务); an instalment is one of its own.
type Duty struct {
	Key       string    `json:"key"`
	From      string    `json:"from"` // party key
	To        string    `json:"to"`
	Kind      string    `json:"kind"`
	What      string    `json:"what"`
	Amount    forms.Fen `json:"amount,omitempty"`
	When      string    `json:"when"`
	Due       string    `json:"due,omitempty"`
	Condition string    `json:"condition,omitempty"`
	Days      int       `json:"days,omitempty"`
	How       string    `json:"how"`
	Group     string    `json:"group,omitempty"` // instalments of one sum share it
	Part      int       `json:"part,omitempty"`
	Parts     int       `json:"parts,omitempty"`
}

// Person is a party as the fixed text names it.
type Person struct {
	Key  string `json:"key"`
	Name string `json:"name"`
	Side string `json:"side"`
}

// Point is a disputed point as the fixed text tells it.
type Point struct {
	Key     string `json:"key"`
	Text    string `json:"text"`
	Settled bool   `json:"settled"`
}

// Settles tells whether the agreement settles the point.
func (b Body) Settles(issue string) bool { return slices.Contains(b.Settled, issue) }

// Duty finds an obligation by its key.
func (b Body) Duty(key string) (Duty, bool) {
	for _, d := range b.Duties {
		if d.Key == key {
			return d, true
		}
	}
	return Duty{}, false
}

// Item finds a clause by its key.
func (b Body) Item(key string) (Item, bool) {
	for _, i := range b.Items {
		if i.Key == key {
			return i, true
		}
	}
	return Item{}, false
}

// Total is the sum of the money owed.
func (b Body) Total() forms.Fen {
	var sum forms.Fen
	for _, d := range b.Duties {
		sum += d.Amount
	}
	return sum
}

// AtOnce tells whether everything was performed on the spot.
func (b Body) AtOnce() bool {
	return len(b.Duties) > 0 && !slices.ContainsFunc(b.Duties, func(d Duty) bool { return d.When != Once })
}

// Name is the name of a party in the fixed text.
func (b Body) Name(key string) string {
	for _, p := range b.Parties {
		if p.Key == key {
			return p.Name
		}
	}
	return ""
}

// Term says in words when the obligation falls due.
func (d Duty) Term() string {
	switch d.When {
	case Once:
		return "签订协议时当场履行完毕"
	case After:
		if d.Condition == "" {
			return ""
		}
		return d.Condition + "之日起" + strconv.Itoa(d.Days) + "日内"
	}
	return forms.Day(d.Due).String()
}

// Named is what is owed without its amount, an instalment by its place.
func (d Duty) Named() string {
	if d.Parts > 1 {
		return d.What + "（第" + strconv.Itoa(d.Part) + "期，共" + strconv.Itoa(d.Parts) + "期）"
	}
	return d.What
}

// Content says what is owed, with the amount in figures and in capitals.
func (d Duty) Content() string {
	if d.Kind != Pay {
		return d.Named()
	}
	return strings.TrimPrefix(d.Named()+"，", "，") + d.Amount.Full()
}

// encode spells the text; equal texts spell equal, since the fields keep their order.
func (b Body) encode() (string, error) {
	raw, err := json.Marshal(b)
	return string(raw), err
}

func decode(text string) (b Body, err error) { return b, json.Unmarshal([]byte(text), &b) }

// hashOf is the content hash (内容摘要) that is shown at signing.
func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// mac binds the hash to the agreement with a key that is not in the database.
func (s *Service) mac(key, hash string) string { return s.box.HashToken("agreement", key+":"+hash) }
