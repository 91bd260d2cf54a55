package partner

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of ids and keys, in bytes.
const (
	maxID  = 64
	maxKey = 256
)

// canBeID tells whether a text, typed by whomever, can be an id at the partner. "." and ".." are none: in a path they
// name another place, escaped or not.
func canBeID(id string) bool {
	return id != "" && len(id) <= maxID && id != "." && id != ".." && utf8.ValidString(id) && !strings.ContainsFunc(id, unicode.IsControl)
}

// canBeKey tells whether a text can be a key of any kind, which travels in a header.
func canBeKey(key string) bool {
	return key != "" && len(key) <= maxKey && !strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' })
}
