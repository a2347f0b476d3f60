package people

import (
	"context"
	"sync"

	"tiaojie/app/audit"
	"tiaojie/app/files"
	"tiaojie/app/notify"
	"tiaojie/app/seal"
	"tiaojie/db"

	"github.com/alexedwards/argon2id"
)

// Options are what an installation can choose.
type Options struct {
	Profile string          // djbh3 (等保三级 rules) or asvs (OWASP ASVS 5.0)
	Hash    argon2id.Params // zero means 7 MiB, 5 passes, 1 lane
}

// Service keeps people.
type Service struct {
	db     *db.DB
	box    *seal.Box
	trail  *audit.Trail
	outbox *notify.Outbox
	opts   Options
	hash   *hasher
	decoy  func() (string, error) // a hash that no password opens

	// Files keeps the papers of gradings; app fills it.
	Files *files.Store
	// RoomsOf gives the rooms an account runs; rooms fills it.
	RoomsOf func(ctx context.Context, r db.Reader, accountID int64) ([]int64, error)
	// MayList refuses to list a mediator, with the reason; the school fills it.
	MayList func(ctx context.Context, r db.Reader, mediatorID int64) error
	// UsesAbove tells what rooms and cases hang on a community; app fills it.
	UsesAbove func(ctx context.Context, r db.Reader, communityID int64) ([]Use, error)
	// MediatorChanged is told of each change of a mediator, in its transaction; the calendar fills it.
	MediatorChanged func(ctx context.Context, tx *db.Tx, m Mediator) error
	// AccountChanged is told of a new account, a change of name or roles, closing and opening, in its transaction.
	AccountChanged func(ctx context.Context, tx *db.Tx, a Account) error
}

// New makes the Service.
func New(d *db.DB, box *seal.Box, trail *audit.Trail, outbox *notify.Outbox, opts Options) *Service {
	if opts.Hash == (argon2id.Params{}) {
		// Of the settings that OWASP calls equally strong, the one that takes least memory
		// from the pages served meanwhile.
		opts.Hash = argon2id.Params{Memory: 7 << 10, Iterations: 5, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	}
	if opts.Profile == "" {
		opts.Profile = "djbh3"
	}
	s := &Service{db: d, box: box, trail: trail, outbox: outbox, opts: opts, hash: newHasher(opts.Hash)}
	s.decoy = sync.OnceValues(func() (string, error) { return argon2id.CreateHash(seal.NewToken(), &opts.Hash) })
	return s
}
