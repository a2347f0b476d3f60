package db

import (
	"database/sql/driver"
	"fmt"
	"time"
	_ "time/tzdata" // Asia/Shanghai must be known on a bare machine
)

// Shanghai is the zone of every local day and clock shown.
var Shanghai = mustZone("Asia/Shanghai")

func mustZone(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return loc
}

// Time is an instant as stored: unix seconds, NULL when zero.
type Time struct{ time.Time }

// At makes a Time of an instant, cut to the second.
func At(t time.Time) Time {
	if t.IsZero() {
		return Time{}
	}
	return Time{t.UTC().Truncate(time.Second)}
}

// Value stores unix seconds, NULL for the zero time.
func (t Time) Value() (driver.Value, error) {
	if t.IsZero() {
		return nil, nil
	}
	return t.Unix(), nil
}

// Scan reads unix seconds or NULL.
func (t *Time) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*t = Time{}
	case int64:
		*t = Time{time.Unix(v, 0).UTC()}
	default:
		return fmt.Errorf("db: can't read %T as a time", v)
	}
	return nil
}

// Day gives the local date (2006-01-02) in Asia/Shanghai, "" for the zero time.
func (t Time) Day() string { return DayOf(t.Time) }

// DayOf gives the local date of an instant in Asia/Shanghai, "" for the zero time.
func DayOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(Shanghai).Format(time.DateOnly)
}
