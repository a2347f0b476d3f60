// Package calendar keeps the one calendar of everything that can be booked, and
// counts days by the street's workday table.
//
// Resources and their hours:
//
//	Ensure(ctx, tx, kind, refID, name, active) (resourceID, error)   a mediator, room, liaison, party …
//	ResourceID, ResourceIDs, Bookable                                find them
//	SetRules, PutRules, RulesOf, HoursByRef                          weekly hours; SetRules lists the bookings left outside
//	AddException, PutException, RemoveException, ExceptionsOf        leave, closed days, extra days, court slots
//
// Free time. Hours and bookings become sets of five-minute cells, so that a search over
// hundreds of people costs about as much as reading their bookings:
//
//	FreeSlots(ctx, r, Query) ([]Span, *Explain, error)   times at which everything needed is free, or why there are none
//	Choose(ctx, r, Query, need, start) (resourceID, err) the room or liaison that fits a time best
//	Openings(ctx, r, ids, from, to, step)                what each resource could take, for profile pages
//	NextFree(ctx, ids) (map[int64]time.Time, error)      for the marketplace, kept until something changes
//
// Bookings, each in the caller's transaction. Conflict names the resource that is taken:
//
//	Book(ctx, tx, Request) (Booking, error)        all resources or none; Hold, Confirmed or waiting for answers
//	Confirm, Cancel, Done(ctx, tx, id)             BookingMoves is the life cycle
//	Reschedule(ctx, tx, id, Request) error         same uid, next sequence number
//	Agenda, BookedBetween                          what is booked
//
// Feeds: NewFeed (the token is shown once), Feeds, RevokeFeed, RenderFeed, ICSOf.
//
// Days: Day, Workdays(ctx, r) (*Workdays, error) with AddNatural, AddWorking, AddMonths,
// AddYears; EnterNotice for a new year's arrangement of days off.
//
// Two bookings of one resource can't overlap: triggers on SQLite and an exclusion
// constraint on PostgreSQL hold that, not this code. Intervals are half-open. Topics
// touched: calendar (bookings), hours (weekly hours, exceptions, resources), workdays.
package calendar
