package people

import (
	"context"
	"runtime"
	"sync/atomic"

	"tiaojie/app/fault"

	"github.com/alexedwards/argon2id"
	"golang.org/x/sync/semaphore"
)

// hasher bounds how many passwords are hashed at once: each takes 7 MiB and a core
// for 20 ms, and unlimited sign-ins would slow every reader ninetyfold.
type hasher struct {
	params  argon2id.Params
	turn    *semaphore.Weighted
	waiting atomic.Int64
}

// hashQueue is how many may wait for their turn.
const hashQueue = 32

func newHasher(p argon2id.Params) *hasher {
	return &hasher{params: p, turn: semaphore.NewWeighted(int64(max(1, runtime.NumCPU()/2)))}
}

// wait takes a turn. Errors: Unavailable when the queue is full or ctx ends.
func (h *hasher) wait(ctx context.Context) (done func(), err error) {
	const busy = "登录的人较多，请过一分钟再试"
	if h.waiting.Add(1) > hashQueue {
		h.waiting.Add(-1)
		return nil, fault.New(fault.Unavailable, busy)
	}
	defer h.waiting.Add(-1)
	if err := h.turn.Acquire(ctx, 1); err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, busy)
	}
	return func() { h.turn.Release(1) }, nil
}

func (h *hasher) make(ctx context.Context, password string) (string, error) {
	done, err := h.wait(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	return argon2id.CreateHash(password, &h.params)
}

// renewed gives the password's hash at the present setting: the stored one when it is at
// that already. Otherwise an old hash would answer in another time than the decoy of an
// unknown login, which tells the two apart.
func (h *hasher) renewed(ctx context.Context, password, hash string) (string, error) {
	if params, _, _, err := argon2id.DecodeHash(hash); err == nil && *params == h.params {
		return hash, nil
	}
	return h.make(ctx, password)
}

func (h *hasher) same(ctx context.Context, password, hash string) (bool, error) {
	done, err := h.wait(ctx)
	if err != nil {
		return false, err
	}
	defer done()
	return argon2id.ComparePasswordAndHash(password, hash)
}
