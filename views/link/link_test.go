package link

import "testing"

// A key from outside cannot leave its place in the address.
func TestKeysAreEscaped(t *testing.T) {
	for key, want := range map[string]string{
		"7kQ2":    "/mediators/7kQ2",
		"../desk": "/mediators/..%2Fdesk",
		"a?b=c#d": "/mediators/a%3Fb=c%23d",
		"张 三":     "/mediators/%E5%BC%A0%20%E4%B8%89",
	} {
		if got := Mediator(key); got != want {
			t.Errorf("Mediator(%q) = %q, want %q", key, got, want)
		}
	}
}

func TestWith(t *testing.T) {
	for _, c := range []struct {
		got, want string
	}{
		{With("/cases"), "/cases"},
		{With("/cases", "q", ""), "/cases"},
		{With("/cases", "q", "物业", "kind", ""), "/cases?q=%E7%89%A9%E4%B8%9A"},
		{With("/cases?a=1", "b", "2"), "/cases?a=1&b=2"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}
