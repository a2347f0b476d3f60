// Package seal protects what may not stand in the database in clear: phones,
// identity numbers, addresses, statements, records. A sealed value carries its
// algorithm and key, and is bound to its place (table, column, row key), so a
// value moved to another row does not open. Exact search goes by a blind index.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/emmansun/gmsm/sm4"
)

// Algorithm tags; the first byte of every sealed value.
const (
	AES256GCM byte = 1
	SM4GCM    byte = 2 // 国密 SM4, for systems that must pass 密评
)

const nonceSize = 12

// ErrTampered says that a sealed value was changed or moved.
var ErrTampered = errors.New("seal: value was changed, moved, or sealed with another key")

// Box seals and opens with the keys of one installation. It is safe for concurrent use.
type Box struct {
	write byte
	aeads map[byte]map[byte]cipher.AEAD // algorithm → key id → cipher
	kid   byte
	index []byte
	audit []byte
	token []byte
}

// New makes a Box from the keyring; the ring's last key seals, all of them open.
func New(ring Keyring) (*Box, error) {
	if len(ring.Keys) == 0 || len(ring.Index) < 32 || len(ring.Audit) < 32 || len(ring.Token) < 32 {
		return nil, errors.New("seal: keyring is incomplete")
	}
	b := &Box{write: AES256GCM, index: ring.Index, audit: ring.Audit, token: ring.Token,
		aeads: map[byte]map[byte]cipher.AEAD{AES256GCM: {}, SM4GCM: {}}}
	if ring.Algorithm == "sm4gcm" {
		b.write = SM4GCM
	}
	for _, k := range ring.Keys {
		if err := b.add(k); err != nil {
			return nil, err
		}
		b.kid = k.ID
	}
	return b, nil
}

func (b *Box) add(k Key) error {
	if len(k.Secret) != 32 {
		return fmt.Errorf("seal: key %d has %d bytes, want 32", k.ID, len(k.Secret))
	}
	for alg, mk := range map[byte]func() (cipher.Block, error){
		AES256GCM: func() (cipher.Block, error) { return aes.NewCipher(k.Secret) },
		SM4GCM:    func() (cipher.Block, error) { return sm4.NewCipher(k.Secret[:16]) },
	} {
		block, err := mk()
		if err != nil {
			return err
		}
		aead, err := cipher.NewGCM(block)
		if err != nil {
			return err
		}
		b.aeads[alg][k.ID] = aead
	}
	return nil
}

// Seal protects text at its place, for example "case_parties.phone:" + party key.
// Empty text stays nil, so that an unknown value needs no special case.
func (b *Box) Seal(place, text string) []byte {
	if text == "" {
		return nil
	}
	out := make([]byte, 2+nonceSize, 2+nonceSize+len(text)+16)
	out[0], out[1] = b.write, b.kid
	rand.Read(out[2 : 2+nonceSize]) // never fails, see crypto/rand
	return b.aeads[b.write][b.kid].Seal(out, out[2:2+nonceSize], []byte(text), aad(out[:2], place))
}

// Open gives the text back; nil opens to "". Errors: ErrTampered.
func (b *Box) Open(place string, sealed []byte) (string, error) {
	if len(sealed) == 0 {
		return "", nil
	}
	if len(sealed) < 2+nonceSize {
		return "", ErrTampered
	}
	aead := b.aeads[sealed[0]][sealed[1]]
	if aead == nil {
		return "", ErrTampered
	}
	text, err := aead.Open(nil, sealed[2:2+nonceSize], sealed[2+nonceSize:], aad(sealed[:2], place))
	if err != nil {
		return "", ErrTampered
	}
	return string(text), nil
}

func aad(head []byte, place string) []byte { return append(append([]byte{}, head...), place...) }

// Blind gives the index by which an exact value of a column can be found without
// opening it: HMAC-SHA-256 over column and value, 128 bits in hex. "" stays "".
// The caller normalises first (people.NormPhone and friends).
func (b *Box) Blind(column, value string) string {
	if value == "" {
		return ""
	}
	return hex.EncodeToString(mac(b.index, column, value)[:16])
}

// HashToken gives what is stored of a secret that a person holds (query codes,
// sign-in ids, feed tokens): without the key a stolen database tells nothing.
func (b *Box) HashToken(kind, token string) string {
	return hex.EncodeToString(mac(b.token, kind, token))
}

// AuditMAC chains one audit row to the one before it.
func (b *Box) AuditMAC(prev, row string) string { return hex.EncodeToString(mac(b.audit, prev, row)) }

func mac(key []byte, parts ...string) []byte {
	h := hmac.New(sha256.New, key)
	for _, p := range parts {
		fmt.Fprintf(h, "%d:", len(p)) // lengths keep ("ab","c") apart from ("a","bc")
		h.Write([]byte(p))
	}
	return h.Sum(nil)
}

// Equal compares two hashes without telling by time where they differ.
func Equal(a, b string) bool { return hmac.Equal([]byte(a), []byte(b)) }
