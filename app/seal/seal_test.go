package seal_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"tiaojie/app/seal"

	"pgregory.net/rapid"
)

func box(t testing.TB, alg string) *seal.Box {
	t.Helper()
	ring := seal.NewKeyring()
	ring.Algorithm = alg
	b, err := seal.New(ring)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestSealedValuesOpenOnlyAtTheirPlace(t *testing.T) {
	for _, alg := range []string{"aes256gcm", "sm4gcm"} {
		b := box(t, alg)
		rapid.Check(t, func(r *rapid.T) {
			text := rapid.StringN(1, 200, -1).Draw(r, "text")
			sealed := b.Seal("parties.phone:a", text)
			got, err := b.Open("parties.phone:a", sealed)
			if err != nil || got != text {
				r.Fatalf("%s: got %q, %v", alg, got, err)
			}
			if _, err := b.Open("parties.phone:b", sealed); !errors.Is(err, seal.ErrTampered) {
				r.Fatalf("%s: value opened in another row: %v", alg, err)
			}
			i := rapid.IntRange(0, len(sealed)-1).Draw(r, "byte")
			sealed[i] ^= 1
			if got, err := b.Open("parties.phone:a", sealed); err == nil {
				r.Fatalf("%s: a flipped bit was not noticed: %q", alg, got)
			}
		})
	}
}

func TestOldKeysStillOpenAfterRotation(t *testing.T) {
	ring := seal.NewKeyring()
	old, _ := seal.New(ring)
	sealed := old.Seal("p", "13800138000")
	ring.Keys = append(ring.Keys, seal.Key{ID: 2, Secret: bytes.Repeat([]byte{7}, 32)})
	ring.Algorithm = "sm4gcm"
	now, err := seal.New(ring)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := now.Open("p", sealed); err != nil || got != "13800138000" {
		t.Fatalf("got %q, %v", got, err)
	}
	if fresh := now.Seal("p", "x"); fresh[0] != seal.SM4GCM || fresh[1] != 2 {
		t.Fatalf("sealed with algorithm %d key %d", fresh[0], fresh[1])
	}
}

func TestBlindIndexKeepsColumnsApart(t *testing.T) {
	b := box(t, "aes256gcm")
	if b.Blind("phone", "1") == b.Blind("idno", "1") {
		t.Error("the same value in two columns has the same index")
	}
	if b.Blind("phone", "1") != b.Blind("phone", "1") || b.Blind("phone", "") != "" {
		t.Error("index is not stable")
	}
	if box(t, "aes256gcm").Blind("phone", "1") == b.Blind("phone", "1") {
		t.Error("another installation finds our values")
	}
}

func TestKeyFileIsPrivateAndStays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys", "keys.json")
	if _, err := seal.LoadKeyring(path, false); err == nil {
		t.Fatal("a missing key file was accepted")
	}
	first, err := seal.LoadKeyring(path, true)
	if err != nil {
		t.Fatal(err)
	}
	again, err := seal.LoadKeyring(path, true)
	if err != nil || !bytes.Equal(first.Audit, again.Audit) {
		t.Fatalf("keys changed on the second start: %v", err)
	}
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o600 {
		t.Errorf("key file has mode %v", info.Mode())
	}
}
