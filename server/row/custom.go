package row

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"time"

	"github.com/rapidbott/tideboard/server/fold"
)

// The kinds of values under which a custom field can be found in an index of custom fields.
const (
	CustomText    = "t:"
	CustomNumber  = "n:"
	CustomDate    = "d:"
	CustomBoolean = "b:"
	CustomList    = "l:"
)

var customKey = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)

// IsCustomKey tells whether a custom field of this key can be filtered by: snake_case ASCII, at most 64 characters.
func IsCustomKey(key string) bool { return customKey.MatchString(key) }

// CustomIndex shows custom fields in a form in which every database compares them alike, as text byte by byte: under kind
// and key, texts folded, numbers as CustomNumberText writes them, days as they are, truth values as true and false, lists
// of texts with each text folded and closed by TagEnd. A text that is a day is found as both. Nil when there is nothing to be found.
func CustomIndex(fields JSON) map[string]string {
	if len(fields) == 0 {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(fields))
	d.UseNumber()
	var object map[string]any
	if d.Decode(&object) != nil {
		return nil
	}
	index := map[string]string{}
	for key, v := range object {
		if IsCustomKey(key) {
			indexed(index, key, v)
		}
	}
	if len(index) == 0 {
		return nil
	}
	return index
}

func indexed(index map[string]string, key string, v any) {
	switch v := v.(type) {
	case string:
		index[CustomText+key] = fold.Text(v)
		if IsDay(v) {
			index[CustomDate+key] = v
		}
	case json.Number:
		if f, err := v.Float64(); err == nil {
			index[CustomNumber+key] = CustomNumberText(f)
		}
	case bool:
		index[CustomBoolean+key] = fmt.Sprint(v)
	case []any:
		var texts []string
		for _, e := range v {
			if s, ok := e.(string); ok {
				texts = append(texts, s)
			}
		}
		index[CustomList+key] = closed(texts, fold.Text)
	}
}

// CustomNumberText writes a number, to the precision of 64 bits, as a text of 16 digits whose order is that of the numbers.
func CustomNumberText(f float64) string {
	if f == 0 {
		f = 0 // there is a negative zero, which is no other number
	}
	bits := math.Float64bits(f)
	if bits>>63 == 1 {
		bits = ^bits
	} else {
		bits |= 1 << 63
	}
	return fmt.Sprintf("%016x", bits)
}

// IsDay tells whether a text is a calendar day like 2026-11-21.
func IsDay(s string) bool {
	t, err := time.Parse(time.DateOnly, s)
	return err == nil && t.Year() > 0
}
