package papers

import (
	"context"
	"slices"

	"tiaojie/app/access"
	"tiaojie/app/accord"
	"tiaojie/app/docket"
	"tiaojie/app/fault"
	"tiaojie/app/files"
	"tiaojie/app/papers/doc"
	"tiaojie/app/papers/forms"
	"tiaojie/app/people"
	"tiaojie/app/rooms"
	"tiaojie/db"
)

// Press makes the papers of a case (文书): it gathers their facts, keeps those that only a
// paper needs, prints, and keeps what was printed.
type Press struct {
	s      *Service
	people *people.Service
	rooms  *rooms.Service
	files  *files.Store
	fonts  *doc.Fonts
	accord *accord.Service
}

// NewPress makes the Press of an installation.
func NewPress(s *Service, folk *people.Service, places *rooms.Service, agreements *accord.Service, store *files.Store, fonts *doc.Fonts) *Press {
	return &Press{s: s, people: folk, rooms: places, accord: agreements, files: store, fonts: fonts}
}

// Facts are what the papers of one case say, and which papers it has more than once.
type Facts struct {
	docket.Matter
	Paper    forms.Case
	Subjects map[forms.Per][]Subject // in the order of the facts
	open     map[string]string       // records that can still be written: their sessions' keys
}

// Subject is what one of several papers of a kind is for: a party, a session, a visit.
type Subject struct{ Key, Label string }

// Add names one more paper of a kind, in the order of the facts in Paper.
func (f *Facts) Add(per forms.Per, key, label string) {
	f.Subjects[per] = append(f.Subjects[per], Subject{key, label})
}

// index finds the place of a subject among its kind; an empty key is a paper without facts, to
// be filled by hand.
func (f *Facts) index(per forms.Per, key string) (int, Subject, error) {
	list := f.Subjects[per]
	if key == "" {
		if per == forms.PerCase {
			return 0, Subject{}, nil
		}
		return len(list), Subject{}, nil
	}
	i := slices.IndexFunc(list, func(s Subject) bool { return s.Key == key })
	if i < 0 {
		return 0, Subject{}, errNoPaper
	}
	return i, list[i], nil
}

var errNoPaper = fault.New(fault.NotFound, "没有找到这份文书")

// enter reads a case for somebody who may see its papers: its clerk, mediator, liaison or the
// leader. A room's lead plans dates and reads no papers. may tells who also fills and prints.
func (p *Press) enter(ctx context.Context, r db.Reader, who access.Actor, key string) (c docket.Case, may bool, err error) {
	c, hands, err := p.s.cases.InScope(ctx, r, who, key)
	if err != nil {
		return c, false, err
	}
	has := func(list ...docket.Hand) bool {
		return slices.ContainsFunc(hands, func(h docket.Hand) bool { return slices.Contains(list, h) })
	}
	if may = has(docket.HandClerk, docket.HandMediator, docket.HandSystem); may || has(docket.HandLiaison, docket.HandLeader) {
		return c, may, nil
	}
	return c, false, fault.New(fault.Forbidden, "文书只有承办人员可以看")
}

// Filled is what the papers of a case say, for a page that shows one by itself and has checked
// its reader. Who doesn't work on the case sees names, as everywhere.
func (p *Press) Filled(ctx context.Context, c docket.Case, full bool) (forms.Case, error) {
	f, err := p.load(ctx, p.s.db, c)
	if err != nil {
		return forms.Case{}, err
	}
	if !full {
		f = f.named()
	}
	return f.Paper, nil
}

// enterToWork is enter for acts.
func (p *Press) enterToWork(ctx context.Context, r db.Reader, who access.Actor, key string) (docket.Case, error) {
	c, may, err := p.enter(ctx, r, who, key)
	if err == nil && !may {
		err = fault.New(fault.Forbidden, "只有本案的受理员和调解员可以填写、打印文书")
	}
	return c, err
}
