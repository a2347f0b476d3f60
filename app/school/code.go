package school

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/seal"
)

// Phase is what a code on the hall's screen is for.
type Phase string

const (
	In  Phase = "in"  // 签到
	Out Phase = "out" // 签退
)

// Label names the phase in Chinese.
func (p Phase) Label() string {
	if p == Out {
		return "签退"
	}
	return "签到"
}

const (
	codeStep    = 15 * time.Second // how long a code in the picture stays
	codeSteps   = 2                // codes before the present one that still count
	digitStep   = time.Minute      // how long the digits stay
	outBefore   = 15 * time.Minute // signing out begins so long before the end
	outAfter    = time.Hour        // and ends so long after it
	sameDevice  = 10 * time.Minute // two people on one device within this are flagged
	digitTries  = 5                // a minute and account
	finishShare = 80               // percent of a class to have attended it
)

// Window is when a code of the phase is taken.
func (o Offering) Window(p Phase) (from, to time.Time) {
	if p == Out {
		return o.EndsAt.Add(-outBefore), o.EndsAt.Add(outAfter)
	}
	return o.StartsAt.Add(-time.Duration(o.EarlyMin) * time.Minute), o.EndsAt.Time
}

// Codes is what the hall's screen shows: the code in the picture, and digits to type.
type Codes struct{ Code, Digits string }

// ScreenCodes gives the codes of this moment. It needs access.School.
func (s *Service) ScreenCodes(who access.Actor, o Offering, p Phase) (Codes, error) {
	if err := who.Check(access.School); err != nil {
		return Codes{}, err
	}
	secret, err := s.box.Open("class:"+o.Key, o.Secret)
	if err != nil {
		return Codes{}, err
	}
	now := s.db.Now()
	return Codes{codeAt(secret, o, p, timeStep(now, codeStep)), digitsAt(secret, o, p, timeStep(now, digitStep))}, nil
}

func timeStep(now time.Time, size time.Duration) int64 { return now.Unix() / int64(size.Seconds()) }

func signed(secret, what string, o Offering, p Phase, at int64) []byte {
	h := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(h, "%s|%s|%s|%d", what, o.Key, p, at)
	return h.Sum(nil)
}

func codeAt(secret string, o Offering, p Phase, at int64) string {
	return base32.StdEncoding.EncodeToString(signed(secret, "code", o, p, at))[:10]
}

func digitsAt(secret string, o Offering, p Phase, at int64) string {
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(signed(secret, "digits", o, p, at))%1_000_000)
}

// CodeStands tells whether a code of the picture still counts.
func (s *Service) CodeStands(o Offering, in Showing) (bool, error) {
	secret, err := s.box.Open("class:"+o.Key, o.Secret)
	if err != nil {
		return false, err
	}
	now := s.db.Now()
	if in.Code != "" {
		for i := range int64(codeSteps + 1) {
			if seal.Equal(in.Code, codeAt(secret, o, in.Phase, timeStep(now, codeStep)-i)) {
				return true, nil
			}
		}
		return false, nil
	}
	for i := range int64(2) { // who reads the digits in their last second can still type them
		if seal.Equal(in.Digits, digitsAt(secret, o, in.Phase, timeStep(now, digitStep)-i)) {
			return true, nil
		}
	}
	return false, nil
}
