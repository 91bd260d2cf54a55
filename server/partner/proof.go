package partner

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Bounds of texts in answers, in bytes.
const (
	maxWord   = 64
	maxName   = 400
	maxEmail  = 320
	maxURL    = 2048
	maxText   = 4000
	maxCursor = 512
)

// errNoJSON says that an answer is no JSON text in UTF-8.
var errNoJSON = errors.New("the answer is no JSON")

// proof checks an answer against the contract and keeps the first breach. It names fields, never what is in them.
type proof struct{ err error }

func (p *proof) fail(field, problem string) {
	if p.err == nil {
		p.err = fmt.Errorf("the answer breaks the contract: %s %s", field, problem)
	}
}

func (p *proof) given(field string, ok bool) {
	if !ok {
		p.fail(field, "is missing")
	}
}

// same checks the id that says what an answer is about.
func (p *proof) same(field string, v *string, asked string) {
	p.given(field, v != nil)
	if v != nil && *v != asked {
		p.fail(field, "is not what was asked for")
	}
}

// text checks a text that must be there and must not be empty.
func (p *proof) text(field string, v *string, most int) string {
	if v == nil || *v == "" {
		p.fail(field, "is missing")
		return ""
	}
	p.bound(field, *v, most)
	return *v
}

// bound checks the length of a text. NUL is refused because no database takes it.
func (p *proof) bound(field, v string, most int) {
	if len(v) > most {
		p.fail(field, "is too long")
	}
	if strings.IndexByte(v, 0) >= 0 {
		p.fail(field, "holds a NUL")
	}
}

func (p *proof) id(field, v string) {
	if !canBeID(v) {
		p.fail(field, "is no id")
	}
}

// capitals checks a code of so many letters A to Z, or none.
func (p *proof) capitals(field, v string, n int) {
	if v != "" && (len(v) != n || strings.ContainsFunc(v, func(r rune) bool { return r < 'A' || r > 'Z' })) {
		p.fail(field, "is no code")
	}
}

func (p *proof) texts(field string, v []string, most, length int) {
	if len(v) > most {
		p.fail(field, "has too many entries")
	}
	for _, s := range v {
		p.bound(field, s, length)
	}
}

// decode reads an answer. A text of JSON that has other types than the contract is a breach, and so is any other
// refusal of a decoder (a time, a list that is too long); errNoJSON means that this is no JSON at all. Fields that the
// contract does not know are passed over: the partner may add some.
func decode(body []byte, to any) error {
	if !utf8.Valid(body) {
		return errNoJSON
	}
	err := json.Unmarshal(body, to)
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return errNoJSON
	}
	if err != nil {
		return errors.New("the answer breaks the contract: it has wrong types")
	}
	return nil
}

// items are the entries of a page. More than maxPage are not even decoded: a few megabytes of "{}" would be a hundred
// times that in memory.
type items[T any] []T

func (l *items[T]) UnmarshalJSON(text []byte) error {
	*l = nil
	if string(text) == "null" {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(text))
	if t, err := d.Token(); err != nil || t != json.Delim('[') {
		return errors.New("no list")
	}
	list := items[T]{}
	for d.More() {
		if len(list) == maxPage {
			return errors.New("too many items")
		}
		var v T
		if err := d.Decode(&v); err != nil {
			return err
		}
		list = append(list, v)
	}
	*l = list
	return nil
}
