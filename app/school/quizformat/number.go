package quizformat

import (
	"errors"
	"math/big"
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Number is an exact decimal: money and days must not suffer from binary fractions.
type Number struct{ r *big.Rat }

var (
	numberPattern   = regexp.MustCompile(`^[+-]?(\d{1,15})(\.\d{1,9})?$`)
	thousandPattern = regexp.MustCompile(`^[+-]?\d{1,3}(,\d{3})+(\.\d{1,9})?$`)
)

// ParseNumber reads a decimal as people type it: full-width digits and thousands commas are
// taken, units and exponents aren't. At most 15 digits before and 9 after the point.
func ParseNumber(s string) (Number, error) {
	s = strings.Join(strings.Fields(norm.NFKC.String(s)), "")
	s = strings.NewReplacer("−", "-", "－", "-").Replace(s)
	if thousandPattern.MatchString(s) {
		s = strings.ReplaceAll(s, ",", "")
	}
	if !numberPattern.MatchString(s) {
		return Number{}, errors.New("不是数字；只填数字，不带单位，小数最多9位")
	}
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return Number{}, errors.New("不是数字")
	}
	return Number{r}, nil
}

// String gives the shortest decimal.
func (n Number) String() string {
	s := n.r.FloatString(10) // one place more than is read: the middle of a range may need it
	s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	if s == "-0" || s == "" {
		return "0"
	}
	return s
}

// Sign is -1, 0 or 1.
func (n Number) Sign() int { return n.r.Sign() }

// within says whether n is no further from m than by, bounds included.
func (n Number) within(m, by Number) bool {
	d := new(big.Rat).Sub(n.r, m.r)
	return d.Abs(d).Cmp(by.r) <= 0
}

// middle turns a range into its middle and half its width.
func middle(low, high Number) (mid, half Number) {
	two := big.NewRat(2, 1)
	sum := new(big.Rat).Add(low.r, high.r)
	diff := new(big.Rat).Sub(high.r, low.r)
	return Number{sum.Quo(sum, two)}, Number{diff.Quo(diff, two)}
}
