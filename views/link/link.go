// Package link gives every page its typed address, so that a renamed route breaks
// the build and not a resident's day. Keys are the unguessable public keys.
package link

import (
	"net/url"
	"strings"
)

// path joins a fixed part and a key that may hold any character.
func path(parts ...string) string {
	for i := range parts {
		if i%2 == 1 {
			parts[i] = url.PathEscape(parts[i])
		}
	}
	return strings.Join(parts, "")
}

// With adds query pairs (name, value, …) to an address; empty values are left out.
func With(address string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Add(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return address
	}
	sep := "?"
	if strings.Contains(address, "?") {
		sep = "&"
	}
	return address + sep + q.Encode()
}
