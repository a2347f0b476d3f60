package people

import (
	"context"

	"tiaojie/app/fault"
	"tiaojie/db"
)

// AccountName gives the name of a member of staff for papers and lists, "" for nobody.
func (s *Service) AccountName(ctx context.Context, r db.Reader, id int64) (string, error) {
	var name string
	err := r.Get(ctx, &name, `SELECT name FROM accounts WHERE id = ?`, id)
	if fault.Is(err, fault.NotFound) {
		return "", nil
	}
	return name, err
}
