package seal

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Key is one sealing key; ids grow, the last one seals.
type Key struct {
	ID     byte   `json:"id"`
	Secret []byte `json:"secret"`
}

// Keyring holds the secrets of one installation. It lives in a file of its own,
// outside the database and outside its backups.
type Keyring struct {
	Algorithm string `json:"algorithm"` // aes256gcm or sm4gcm
	Keys      []Key  `json:"keys"`
	Index     []byte `json:"index"` // blind indexes
	Audit     []byte `json:"audit"` // audit chain
	Token     []byte `json:"token"` // stored hashes of tokens
}

// NewKeyring makes fresh random keys.
func NewKeyring() Keyring {
	return Keyring{Algorithm: "aes256gcm", Keys: []Key{{ID: 1, Secret: random(32)}},
		Index: random(32), Audit: random(32), Token: random(32)}
}

// LoadKeyring reads the key file; with create it makes one that only the owner
// can read when there is none yet.
func LoadKeyring(path string, create bool) (Keyring, error) {
	var ring Keyring
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && create {
		return createKeyring(path)
	}
	if err != nil {
		return ring, fmt.Errorf("key file: %w", err)
	}
	if err := json.Unmarshal(raw, &ring); err != nil {
		return ring, fmt.Errorf("key file %s: %w", path, err)
	}
	return ring, nil
}

func createKeyring(path string) (Keyring, error) {
	ring := NewKeyring()
	raw, err := json.MarshalIndent(ring, "", "  ")
	if err != nil {
		return ring, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return ring, err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return ring, err
	}
	if _, err := f.Write(raw); err != nil {
		return ring, errors.Join(err, f.Close())
	}
	// A key that a power cut loses would make every sealed value unreadable.
	if err := f.Sync(); err != nil {
		return ring, errors.Join(err, f.Close())
	}
	return ring, f.Close()
}

func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b)
	return b
}

const keyAlphabet = "23456789abcdefghjkmnpqrstuvwxyz" // no 0/o, 1/l/i: these are read aloud

// NewKey makes a public key of a thing: 16 unguessable characters, about 79 bits.
func NewKey() string { return pick(keyAlphabet, 16) }

// NewCode makes a code of n digits for a person to type.
func NewCode(n int) string { return pick("0123456789", n) }

// NewToken makes a 256-bit secret for a cookie or an address.
func NewToken() string { return fmt.Sprintf("%x", random(32)) }

// pick draws n characters, each as likely as any other: bytes beyond the last whole
// run of the alphabet are thrown away. All bytes come in one read, since every request
// is given a key.
func pick(alphabet string, n int) string {
	whole := 256 / len(alphabet) * len(alphabet)
	out := make([]byte, 0, n)
	for len(out) < n {
		for _, b := range random(n - len(out) + 4) {
			if int(b) < whole && len(out) < n {
				out = append(out, alphabet[int(b)%len(alphabet)])
			}
		}
	}
	return string(out)
}
