// Package roster holds the desk's pages of mediators: the roster, one mediator's
// file, one's own profile, the import.
package roster

import (
	"strconv"

	"tiaojie/app/calendar"
	"tiaojie/app/people"
	"tiaojie/views/link"
	"tiaojie/views/ui"
)

// ListData is the roster.
type ListData struct {
	Form      ui.Form // the filter
	Export    ui.Form
	Mediators []people.Mediator
	Types     map[string]string
	Kinds     []ui.Option
	Load      map[int64]int // open cases by mediator
}

// FileData is one mediator's file.
type FileData struct {
	Form        ui.Form
	Mediator    people.Mediator
	Types       map[string]string
	Communities []ui.Option
	Events      []people.MediatorEvent
	Ties        []people.Tie
	Own         bool // the reader is this mediator
	Manage      bool // the reader keeps the roster
	Coming      []calendar.Entry
	Phone       string // masked
}

// EditData is the form of a mediator's particulars.
type EditData struct {
	Form                                       ui.Form
	Mediator                                   people.Mediator // zero for a new one
	Kinds, Types, Communities, Units, Accounts []ui.Option
}

// ImportData is the preview of a roster's import.
type ImportData struct {
	Form   ui.Form
	Import *people.Import
}

func stateTone(s people.MediatorState) ui.Tone {
	switch s {
	case people.Listed:
		return ui.Finished
	case people.Paused:
		return ui.Wait
	}
	return ui.None
}

func names(codes []string, words map[string]string) []string {
	out := make([]string, len(codes))
	for i, c := range codes {
		out[i] = words[c]
	}
	return out
}

func (d FileData) at(part string) string { return link.DeskMediator(d.Mediator.Key) + "/" + part }

func version(m people.Mediator) string { return strconv.FormatInt(m.Version, 10) }

func events(list []people.MediatorEvent) []ui.Event {
	var out []ui.Event
	for _, e := range list {
		out = append(out, ui.Event{Title: e.Note, When: ui.DayTime(e.At.Time), Who: e.By, State: ui.Done})
	}
	return out
}

func tieLabel(kind string) string {
	for _, k := range people.TieKinds {
		if k.Code == kind {
			return k.Label
		}
	}
	return kind
}

func tieOptions() []ui.Option {
	var out []ui.Option
	for _, k := range people.TieKinds {
		out = append(out, ui.Option{Value: k.Code, Label: k.Label})
	}
	return out
}

func grades() []ui.Option {
	var out []ui.Option
	for _, g := range people.Grades {
		out = append(out, ui.Option{Value: g.Code, Label: g.Label})
	}
	return out
}

func languages() []ui.Option {
	var out []ui.Option
	for _, l := range people.Languages {
		out = append(out, ui.Option{Value: l, Label: l})
	}
	return out
}
