package ui

import (
	"time"

	"github.com/a-h/templ"
)

// Component is anything that can be rendered.
type Component = templ.Component

// Kind is how much weight a button has.
type Kind string

const (
	Secondary Kind = ""            // outlined, the usual one
	Primary   Kind = "btn-primary" // the page's one main act
	Plain     Kind = "btn-plain"   // cancel, filter, print
	Quiet     Kind = "btn-quiet"   // no frame
	Final     Kind = "btn-final"   // cannot be taken back; give it data-confirm
)

// Tone is what a state means to the reader. Words carry the meaning; colour repeats it.
type Tone string

const (
	None     Tone = "none" // nothing to do
	Act      Tone = "act"  // moving
	Finished Tone = "done" // reached its end
	Wait     Tone = "wait" // somebody has to act, or needs care
	Overdue  Tone = "late" // past its day: the only tone in vermilion
)

// Flash is a line shown once, after a redirect.
type Flash struct {
	Text string
	Tone Tone
}

// Col is a column head of Table.
type Col struct {
	Label string
	Num   bool   // figures, right-aligned
	Href  string // address that sorts by it, "" for none
	Sort  string // "ascending", "descending" or "": how the list is sorted by it now
}

// Fact is a name with its value: Text, or Body for more than text.
type Fact struct {
	Name, Text string
	Body       Component
	Change     string // address where it can be changed; shows 「修改」
}

// State is where a step of a Timeline stands.
type State string

const (
	Done State = "is-done"
	Now  State = "is-now"
	Next State = "is-next"
	Late State = "is-late"
)

// Event is one step of a Timeline.
type Event struct {
	Title, When, Who, Note string
	State                  State
	Body                   Component // more than a note; nil for none
}

// Tab is one view of a page.
type Tab struct {
	Label, Href string
	Count       int // shown when above 0
	Current     bool
}

// Figure is one number with its name; Href opens what it is made of.
type Figure struct {
	Label, Value, Unit, Note, Href string
	Late                           bool
}

// PersonCard is somebody to choose.
type PersonCard struct {
	Name, Href, Photo, Kind, Says string
	Tags                          []string
	Free                          string // next free time in words, "" for none known
	Full                          bool   // can't be chosen now, whatever the time
	TestID, ID                    string
}

// SlotDay is a day with its free times.
type SlotDay struct {
	Date, Week string
	Slots      []Slot
}

// Slot is one free time. With Href it is a link, else a box under the Input's name.
type Slot struct {
	Value, Label, Href string
	Taken              bool
}

// Door is a large entry of the home page.
type Door struct{ Icon, Title, Note, Href string }

// Hold is a moment that a person has to act by, for Countdown.
type Hold struct{ Until, Now time.Time }
