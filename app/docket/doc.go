// Package docket keeps the cases (案件) from the request to the end of mediation:
// parties, consent, acceptance and number, the clocks, the mediator and the dates.
//
// The life cycle is data, Moves; Find and Offers read it. A person acts on a case in one of two ways:
//
//   - staff, by access.Actor and the case's key. What is not in the actor's scope is fault.NotFound:
//     a mediator's own cases, a room lead's room, a liaison's booked cases, all for clerk and leader.
//   - a party, by a Pass. PassByCode (application number and query code), PassByInvite (short code of
//     /i/{code}) and PassOfResident (signed in by phone) give one; a Pass can't be made otherwise.
//
// # Asking and consenting
//
//	Apply(ctx, who, Application, idemKey) (Receipt, error)      by a resident, without an account
//	Register(ctx, who, Application, idemKey) (Receipt, error)   by a clerk, for window or phone
//	ReceiptOf(ctx, applyNo, idemKey) (Receipt, error)           the same receipt again, for a day
//	Conflicts(ctx, r, CaseFacts, mediatorIDs) (map[int64][]Conflict, error)
//	ApplicationFacts(Application) CaseFacts                     for the check before the request is sent
//	Invite(ctx, who, key, partyKey, channel) (Invitation, error)
//	InviteByCode(ctx, code, ip) (InviteView, error)
//	Respond(ctx, code, ip, AnswerInput, idemKey) (State, error)
//	RecordConsent(ctx, who, key, partyKey, AnswerInput, how) error
//	Choose(ctx, Pass, mediatorID) error                         settle on the mediator that the other side named
//
// # The office
//
//	AcceptCase(ctx, who, key, Acceptance) (number string, err error)
//	RefuseCase(ctx, who, key, version, Ending) error
//	Appoint(ctx, who, key, version, mediatorID, over) error      logged as 指定 or 当事人选择
//	Disclose(ctx, who, key, words) error                        "" is nothing to disclose
//	Replace(ctx, Pass, words) error; ReplaceFor(ctx, who, key, partyKey, words) error
//	Decline(ctx, Pass, words) error; DeclineFor(ctx, who, key, partyKey, words) error
//	Withdraw(ctx, Pass) error; WithdrawFor(ctx, who, key, version) error
//	EndCase(ctx, who, key, version, Ending) error
//	Suspend(ctx, who, key, version, words) error; Resume(ctx, who, key, version) error
//	VoidNumber(ctx, who, key, version, reason) (number string, err error)
//
// # Dates
//
//	OfferSlots(ctx, Pass, slots) error
//	CommonSlots(ctx, who, key, Search) (SlotFinding, error)     with the reason when there is none
//	Schedule(ctx, who, key, Plan) (Session, error)
//	BusyTimes(ctx, who, key, from, to) ([]Busy, error)          when persons of the case have to be elsewhere
//	MarkAbsent(ctx, who, sessionKey, version, AbsentInput) error who did not come; AbsentFile for its page
//	SendReminders(ctx) (int, error)                             each minute: a day and two hours before
//	AnswerSession(ctx, who, sessionKey, accept, reason) error
//	Reschedule(ctx, who, sessionKey, version, Plan) error; CancelSession(ctx, who, sessionKey, version, reason) error
//
// # Reading
//
//	List(ctx, who, Filter, cursor) (Listing, error)             one query per way in which cases are the reader's
//	ExportList(ctx, who, Filter, reason) (iter, error)           the list taken out: a reason, a limit, masks
//	Page(ctx, who, key, beside...) (File, error)                two queries; History, EarlierCases for more
//	Desk(ctx, who) ([]Queue, error); Queue(ctx, who, name, cursor); Agenda(ctx, who, from, to)
//	Counts(ctx, r, scope, id) (map[State]int, error); OpenByMediator(ctx)
//	Reveal(ctx, who, key, partyKey, reason) (PartyFacts, error); RevealAgent(ctx, who, key, agentKey, reason); audited
//	PartyFile(ctx, who, key, partyKey); ChangeParty, AddParty, RemoveParty, AddAgent, EndAgent
//	Track(ctx, applyNo, code, ip) (Tracking, error); TrackPass(ctx, Pass); MyCases(ctx, who) for a signed-in resident
//	NoteRead(who, caseID); FlushReads(ctx) (int, error); Reads(ctx, who, key)
//
// # Deadlines
//
//	Prepare(ctx) loads the presets; Rules, RuleHistory, ChangeRule(ctx, who, code, version, length, unit, basis)
//	RunClocks(ctx) each minute; AskRecount(ctx, who) after the workday table changed, RunRecounts(ctx) in a loop,
//	LastRecount(ctx) how far it is; RecountClocks(ctx) all at once, nightly
//
// # For the recording of sessions (app/papers), in the caller's transaction
//
//	InScope(ctx, r, who, key) (Case, []Hand, error); SessionByKey, PeopleOf
//	Begin(ctx, tx, who, sessionKey), Adjourn(ctx, tx, who, sessionKey, next *Plan), Agree(ctx, tx, who, sessionKey),
//	End(ctx, tx, who, caseID, Ending)
//
// # Filling
//
//	NewLoader(ctx, who, batch), Loader.Add, Loader.Flush        many cases per transaction, by the same inserts
//	CheckCounters(ctx) ([]string, error)                        drift between counters and rows
package docket
