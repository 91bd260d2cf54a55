package row

import (
	"bytes"
	"encoding/base64"
	"encoding/json"

	"github.com/rapidbott/tideboard/server/fault"
)

// MaxPage is how many rows a page has at most.
const MaxPage = 200

// CheckFirst refuses a page size outside of 1–200.
func CheckFirst(first int) error {
	if first < 1 || first > MaxPage {
		return fault.At("first", fault.ValidationFailed, "is not between 1 and %d", MaxPage)
	}
	return nil
}

// Cursor writes the keys of a row within a list; `list` names the list and its order, so that the cursor of another
// list is known as such.
func Cursor(list string, keys ...any) string {
	b, _ := json.Marshal(append([]any{list}, keys...))
	return base64.RawURLEncoding.EncodeToString(b)
}

// ReadCursor reads the keys of a cursor of a list; BAD_CURSOR for any other text.
func ReadCursor(cursor, list string, n int) ([]any, error) {
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	var keys []any
	if err == nil {
		err = decode(b, &keys)
	}
	if err != nil || len(keys) != n+1 || keys[0] != list {
		return nil, fault.At("after", fault.BadCursor, "not a cursor of this list")
	}
	return keys[1:], nil
}

func decode(b []byte, keys *[]any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	return d.Decode(keys)
}
