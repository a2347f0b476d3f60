package docket

import "context"

// CheckApplication tells what is wrong with a request, without storing anything, so
// that a form of several pages can refuse each page by its own fields. The error is
// the one that Apply would give.
func (s *Service) CheckApplication(ctx context.Context, a Application) error {
	return s.check(ctx, s.db, &a, true)
}
