// Package fault is the one vocabulary of errors: a code that decides how the
// outside answers, a Chinese message for the person, the form field it belongs
// to, and the cause that only the log may see.
package fault

import (
	"errors"
	"fmt"
	"maps"
)

// Code says what kind of failure happened; app/web turns it into an HTTP status.
type Code string

const (
	Invalid     Code = "invalid"     // what was typed can't be taken (422)
	SignIn      Code = "sign-in"     // nobody is signed in, or the sign-in ended (401)
	Forbidden   Code = "forbidden"   // signed in, and the role lacks the permission (403)
	NotFound    Code = "not-found"   // no such thing, or not this person's thing (404)
	Conflict    Code = "conflict"    // somebody was quicker, or the state moved on (409)
	TooMany     Code = "too-many"    // a limit was reached; try later (429)
	Unavailable Code = "unavailable" // the store or a needed part can't answer now (503)
	Internal    Code = "internal"    // our own mistake (500)
)

// Error is a failure that a person may read. Message is Chinese and complete;
// Field names the form field it stands beside, empty for the whole form.
type Error struct {
	Code    Code
	Message string
	Field   string
	Fields  map[string]string // further field → message, for a form refused in several places
	Cause   error             // for the log only
}

func (e *Error) Error() string {
	if e.Cause != nil {
		return fmt.Sprintf("%s: %s: %v", e.Code, e.Message, e.Cause)
	}
	return fmt.Sprintf("%s: %s", e.Code, e.Message)
}

// Unwrap gives the cause to errors.Is and errors.As.
func (e *Error) Unwrap() error { return e.Cause }

// New makes an error for a person to read.
func New(code Code, message string) *Error { return &Error{Code: code, Message: message} }

// Newf is New with a format.
func Newf(code Code, format string, args ...any) *Error {
	return New(code, fmt.Sprintf(format, args...))
}

// At makes an Invalid error that stands beside a form field.
func At(field, message string) *Error {
	return &Error{Code: Invalid, Message: message, Field: field}
}

// Wrap keeps a cause for the log behind a message for the person.
func Wrap(cause error, code Code, message string) *Error {
	return &Error{Code: code, Message: message, Cause: cause}
}

// CodeOf tells the code of err; Internal for an error that is not a *Error, "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return Internal
}

// Is tells whether err has the code.
func Is(err error, code Code) bool { return err != nil && CodeOf(err) == code }

// MessageOf gives the person's message; a plain sentence for an error without one.
func MessageOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Message
	}
	return "系统出了点问题，请稍后再试"
}

// Form collects the problems of one form; Err is nil while there are none.
type Form map[string]string

// Add notes a problem beside a field; the first one stays.
func (f Form) Add(field, message string) {
	if _, taken := f[field]; !taken {
		f[field] = message
	}
}

// Check adds the message unless ok.
func (f Form) Check(ok bool, field, message string) {
	if !ok {
		f.Add(field, message)
	}
}

// Err gives one Invalid error that carries every field's message.
func (f Form) Err() error {
	if len(f) == 0 {
		return nil
	}
	return &Error{Code: Invalid, Message: "有几处需要改一下", Fields: maps.Clone(f)}
}

// FieldsOf gives the field messages of err, also for a single-field error.
func FieldsOf(err error) map[string]string {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return nil
	}
	fields := maps.Clone(e.Fields)
	if fields == nil {
		fields = map[string]string{}
	}
	if e.Field != "" {
		fields[e.Field] = e.Message
	}
	return fields
}
