package board

import (
	"bytes"
	"encoding/json"
	"fmt"
	"sort"
)

// links are the fields of a card that show other objects: they are "as it is now", not as of a revision.
var links = map[string]bool{"owner": true, "contact": true, "company": true}

// Card is a record as it came over the wire. The bytes are kept: equal selections of equal records are equal bytes, so
// that most comparisons decode nothing.
type Card struct {
	ID  string
	Raw json.RawMessage
}

// UnmarshalJSON keeps the bytes and reads the id.
func (c *Card) UnmarshalJSON(b []byte) error {
	var head struct{ ID string }
	if err := json.Unmarshal(b, &head); err != nil {
		return err
	}
	if head.ID == "" {
		return fmt.Errorf("a card without an id: %.120s", b)
	}
	c.ID, c.Raw = head.ID, append(json.RawMessage(nil), b...)
	return nil
}

// Fields are the card's own scalar fields as canonical JSON, by name.
func (c Card) Fields() map[string]string { return c.pick(false) }

// Links are the fields that show linked objects, as canonical JSON, by name.
func (c Card) Links() map[string]string { return c.pick(true) }

// Text is the string in one of its fields; empty when null or absent.
func (c Card) Text(field string) string {
	var all map[string]json.RawMessage
	var s string
	if json.Unmarshal(c.Raw, &all) == nil {
		_ = json.Unmarshal(all[field], &s)
	}
	return s
}

func (c Card) pick(link bool) map[string]string {
	out := map[string]string{}
	for name, raw := range object(c.Raw) {
		if links[name] == link {
			out[name] = raw
		}
	}
	return out
}

// object decodes one level of a JSON object and brings every value into canonical form.
func object(raw json.RawMessage) map[string]string {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(raw, &all); err != nil {
		return map[string]string{"(not an object)": string(raw)}
	}
	out := make(map[string]string, len(all))
	for name, value := range all {
		out[name] = canonical(value)
	}
	return out
}

// canonical is the value with sorted keys and no white space; numbers keep their digits.
func canonical(raw json.RawMessage) string {
	if len(raw) > 0 && raw[0] != '{' && raw[0] != '[' && !bytes.ContainsRune(raw, '\\') {
		return string(raw)
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return string(raw)
	}
	b, err := json.Marshal(v)
	if err != nil {
		return string(raw)
	}
	return string(b)
}

// fieldDiffs names the fields in which two JSON objects differ, sorted.
func fieldDiffs(got, want map[string]string) []string {
	var out []string
	for name := range want {
		if got[name] != want[name] {
			out = append(out, fmt.Sprintf("%s: want %s, got %s", name, clip(want[name]), clip(got[name])))
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			out = append(out, fmt.Sprintf("%s: want nothing, got %s", name, clip(got[name])))
		}
	}
	sort.Strings(out)
	return out
}

func clip(s string) string {
	if s == "" {
		return "nothing"
	}
	if len(s) > 160 {
		return s[:160] + "…"
	}
	return s
}
