package link

// Desk is everybody's own work of today.
func Desk() string { return "/desk" }

// Cases is the case list.
func Cases() string { return "/cases" }

// Case is a case's page.
func Case(key string) string { return path("/cases/", key) }

// CaseDo is where a case's move is posted.
func CaseDo(key, verb string) string { return path("/cases/", key, "/", verb) }

// Calendar is the calendar of everything that is booked.
func Calendar() string { return "/calendar" }

// DeskSessions lists today's mediation sessions.
func DeskSessions() string { return "/desk/sessions" }

// Session is a mediation session: brief, presence, record, outcome.
func Session(key string) string { return path("/desk/sessions/", key) }

// SessionDo is where a part of a session is posted.
func SessionDo(key, verb string) string { return path("/desk/sessions/", key, "/", verb) }

// DeskRooms lists the rooms to run.
func DeskRooms() string { return "/desk/rooms" }

// DeskRoom is a room from the inside.
func DeskRoom(key string) string { return path("/desk/rooms/", key) }

// DeskMediators is the roster of mediators.
func DeskMediators() string { return "/desk/mediators" }

// DeskMediator is a mediator's file.
func DeskMediator(key string) string { return path("/desk/mediators/", key) }

// DeskCourt is the liaison's own desk.
func DeskCourt() string { return "/desk/court" }

// DeskUsers holds accounts and rights.
func DeskUsers() string { return "/desk/users" }

// DeskWorkdays holds the yearly arrangements of days off.
func DeskWorkdays() string { return "/desk/workdays" }

// DeskAudit is the audit trail.
func DeskAudit() string { return "/desk/audit" }

// DeskOutbox is the list of outgoing messages.
func DeskOutbox() string { return "/desk/outbox" }

// CaseNew is where a clerk registers somebody at the window or on the phone.
func CaseNew() string { return "/cases/new" }

// CaseFile is a photo or paper of a case.
func CaseFile(key, file string) string { return path("/cases/", key, "/files/", file) }

// SessionICS is one session as a calendar file.
func SessionICS(key string) string { return path("/calendar/", key, ".ics") }

// Record is the printed record of a session.
func Record(key string) string { return path("/records/", key) }

// OwnTime is one's own weekly hours, leave and calendar links.
func OwnTime() string { return "/desk/time" }

// OwnAccount is one's own account: phone, password, second factor, sign-ins.
func OwnAccount() string { return "/desk/me" }

// OwnAccountDo is where a change of the own account is posted.
func OwnAccountDo(verb string) string { return path("/desk/me/", verb) }

// EndOwnSignIn is where one of one's own sign-ins is ended.
func EndOwnSignIn(key string) string { return path("/desk/me/signins/", key, "/end") }

// OwnMessages is one's own inbox.
func OwnMessages() string { return "/desk/messages" }

// OwnMessagesRead is where all messages seen so far are marked as read.
func OwnMessagesRead() string { return "/desk/messages/read" }

// OwnMessageRead is where one's own message is marked as read.
func OwnMessageRead(key string) string { return path("/desk/messages/", key, "/read") }

// OwnProfile leads a mediator to the own file.
func OwnProfile() string { return "/desk/profile" }

// GradePaper is the stored paper of one of a mediator's gradings.
func GradePaper(key, file string) string { return path("/desk/mediators/", key, "/grades/", file) }

// SetTOTP is where the second factor is set up or replaced.
func SetTOTP() string { return "/login/totp?setup=1" }

// ChangePassword is where one's own password is changed.
func ChangePassword() string { return "/login/password" }

// Feed is a subscribed calendar; the token is its only key.
func Feed(token string) string { return path("/feeds/", token, ".ics") }

// Party is a party of a case: facts, agents, corrections.
func Party(key, party string) string { return path("/cases/", key, "/party/", party) }

// PartyDo is where an act on a party is posted.
func PartyDo(key, party, verb string) string { return Party(key, party) + "/" + verb }

// PartyNew adds a party to a case.
func PartyNew(key string) string { return path("/cases/", key, "/party/new") }

// CaseAgreements holds the agreements of a case: what is disputed, each agreement, visits.
func CaseAgreements(key string) string { return path("/cases/", key, "/agreements") }

// Agreement is one agreement (调解协议), from its draft to its performance.
func Agreement(key string) string { return path("/agreements/", key) }

// AgreementDo is a part of an agreement, or where an act on it is posted.
func AgreementDo(key, verb string) string { return path("/agreements/", key, "/", verb) }

// AgreementSign is where somebody signs by hand on the tablet.
func AgreementSign(key, line string) string { return path("/agreements/", key, "/sign/", line) }

// AgreementFile is a scan, a drawn signature or a receipt of an agreement.
func AgreementFile(key, file string) string { return path("/agreements/", key, "/files/", file) }

// Duty is one obligation of an agreement in force.
func Duty(key string) string { return path("/duties/", key) }

// DutyDo is where an act on an obligation is posted.
func DutyDo(key, verb string) string { return path("/duties/", key, "/", verb) }

// DutyUrge is the printed letter that urges performance.
func DutyUrge(key, urge string) string { return path("/duties/", key, "/urge/", urge) }

// Visit is a follow-up visit (回访).
func Visit(key string) string { return path("/visits/", key) }

// VisitDo is a part of a visit, or where an act on it is posted.
func VisitDo(key, verb string) string { return path("/visits/", key, "/", verb) }

// DeskDue lists the obligations and visits that are due.
func DeskDue() string { return "/desk/due" }

// CaseExport takes the case list out.
func CaseExport() string { return "/cases/export" }
