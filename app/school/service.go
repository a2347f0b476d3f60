// Package school is the street's mediator training school (街道级人民调解培训学校): who is to
// be trained, with what, and what each has done.
package school

import (
	"tiaojie/app/audit"
	"tiaojie/app/calendar"
	"tiaojie/app/files"
	"tiaojie/app/notify"
	"tiaojie/app/people"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// Service runs the school.
type Service struct {
	db       *db.DB
	box      *seal.Box
	trail    *audit.Trail
	outbox   *notify.Outbox
	files    *files.Store
	people   *people.Service
	calendar *calendar.Service
	boards   boardKeeper
	books    bookCache
	classes  classCache

	// Conditions are what certificates need beside the exam; app fills them.
	Conditions []Condition
}

// New makes the Service.
func New(d *db.DB, box *seal.Box, trail *audit.Trail, outbox *notify.Outbox, store *files.Store, p *people.Service, c *calendar.Service) *Service {
	return &Service{db: d, box: box, trail: trail, outbox: outbox, files: store, people: p, calendar: c}
}
