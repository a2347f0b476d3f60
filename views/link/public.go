package link

// Home is the first page.
func Home() string { return "/" }

// Mediators is the marketplace (调解超市).
func Mediators() string { return "/mediators" }

// Mediator is a mediator's profile.
func Mediator(key string) string { return path("/mediators/", key) }

// MediatorPhoto is the portrait that a mediator agreed to publish.
func MediatorPhoto(key string) string { return path("/mediators/", key, "/photo") }

// Rooms is the list of mediation rooms.
func Rooms() string { return "/rooms" }

// Room is a room's own page.
func Room(key string) string { return path("/rooms/", key) }

// Apply is the first page of asking for mediation.
func Apply() string { return "/apply" }

// Track is where a number and a code show the progress.
func Track() string { return "/track" }

// Invite is the other side's page, reached by the code of the invitation.
func Invite(code string) string { return path("/i/", code) }

// Login is the staff's and residents' sign-in.
func Login() string { return "/login" }

// Logout ends the sign-in (POST).
func Logout() string { return "/logout" }

// Elder switches 长辈版 (POST).
func Elder() string { return "/elder" }

// Privacy is the data-protection notice.
func Privacy() string { return "/privacy" }

// DemoOutbox shows the messages that the demonstration would have sent.
func DemoOutbox() string { return "/demo/outbox" }

// RoomPhoto is a picture of a room.
func RoomPhoto(key, file string) string { return path("/rooms/", key, "/photos/", file) }
