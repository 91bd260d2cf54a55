package crm

import (
	"bytes"
	"encoding/json"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"

	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/fold"
	"github.com/rapidbott/tideboard/server/row"
)

// checker reads the values of an input, noting all that is wrong with them.
type checker struct{ fault.Problems }

// text reads a text that may be absent or blank: then it is null. Control characters other than line breaks and tabs
// are refused.
func (c *checker) text(field string, s *string, max int) *string {
	if s == nil {
		return nil
	}
	t := strings.TrimSpace(*s)
	if fold.Blank(t) {
		return nil
	}
	c.sound(field, t, max)
	return &t
}

// required reads a text that must not be blank; inner blanks are collapsed.
func (c *checker) required(field, s string, max int) string {
	t := fold.Trim(s)
	if fold.Blank(t) {
		c.Add(field, "must not be empty")
	}
	c.sound(field, t, max)
	return t
}

func (c *checker) sound(field, t string, max int) {
	if n := utf8.RuneCountInString(t); n > max {
		c.Add(field, "has %d characters, at most %d are possible", n, max)
	}
	if !utf8.ValidString(t) || strings.ContainsFunc(t, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' && r != '\r' }) {
		c.Add(field, "contains characters that cannot be stored")
	}
}

// tags reads up to 50 tags.
func (c *checker) tags(field string, list []string) []string { return c.tagsUpTo(field, list, 50) }

// tagsUpTo reads a list of tags: trimmed, doubles ignoring case dropped, the first spelling kept.
func (c *checker) tagsUpTo(field string, list []string, max int) []string {
	seen, out := map[string]bool{}, []string{}
	for _, t := range list {
		t = c.required(field, t, 50)
		if key := fold.Key(t); !seen[key] {
			seen[key] = true
			out = append(out, t)
		}
	}
	if len(out) > max {
		c.Add(field, "has %d tags, at most %d are possible", len(out), max)
	}
	return out
}

// date reads a calendar day.
func (c *checker) date(field string, s *string) *string {
	if s == nil {
		return nil
	}
	if t, err := time.Parse(time.DateOnly, *s); err != nil || t.Year() < 1 {
		c.Add(field, "%q is not a day like 2026-11-21", *s)
	}
	return s
}

// link reads an https address.
func (c *checker) link(field string, s *string) *string {
	s = c.text(field, s, 2048)
	if s == nil {
		return nil
	}
	if u, err := url.Parse(*s); err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
		c.Add(field, "is not an https address")
	}
	return s
}

// object reads a JSON object of at most 32 KB, in a canonical form.
func (c *checker) object(field string, j row.JSON) json.RawMessage {
	if len(j) == 0 || string(j) == "null" {
		return json.RawMessage("{}")
	}
	d := json.NewDecoder(bytes.NewReader(j))
	d.UseNumber()
	var m map[string]any
	if err := d.Decode(&m); err != nil {
		c.Add(field, "is not an object")
		return nil
	}
	for k := range m {
		if k == "" || len(k) > 64 {
			c.Add(field, "the key %q is not 1–64 bytes long", k)
		}
	}
	if !storable(m, maxNesting) {
		c.Add(field, "contains characters or numbers that cannot be stored, or is nested deeper than %d", maxNesting)
	}
	out, _ := json.Marshal(m)
	if len(out) > 32<<10 {
		c.Add(field, "has %d bytes, at most 32,768 are possible", len(out))
	}
	return out
}

// maxNesting bounds how deep a custom field is nested, maxNumber how long a number in it is.
const (
	maxNesting = 32
	maxNumber  = 64
)

// storable tells whether every database keeps a JSON value: PostgreSQL knows no character 0 and no endless numbers.
func storable(v any, depth int) bool {
	switch v := v.(type) {
	case string:
		return !strings.ContainsRune(v, 0)
	case json.Number:
		f, err := v.Float64()
		mantissa, _, _ := strings.Cut(strings.ToLower(v.String()), "e")
		return err == nil && len(v) <= maxNumber && (f != 0 || !strings.ContainsAny(mantissa, "123456789"))
	case []any:
		for _, e := range v {
			if depth == 0 || !storable(e, depth-1) {
				return false
			}
		}
	case map[string]any:
		for k, e := range v {
			if depth == 0 || !storable(k, 0) || !storable(e, depth-1) {
				return false
			}
		}
	}
	return true
}

func (c *checker) percent(field string, p *int) {
	if p != nil && (*p < 0 || *p > 100) {
		c.Add(field, "is not between 0 and 100")
	}
}

var email = regexp.MustCompile(`^[^\s@[:cntrl:]]+@[^\s@[:cntrl:]]+\.[^\s@[:cntrl:]]{2,}$`)

// email reads an address: trimmed, lower case.
func (c *checker) email(field string, s *string) *string {
	if s == nil || strings.TrimSpace(*s) == "" {
		return nil
	}
	t := strings.ToLower(strings.TrimSpace(*s))
	if !email.MatchString(t) || len(t) > 254 {
		c.AddCode(field, fault.InvalidEmail, "%q is not an e-mail address", t)
	}
	return &t
}

// phone reads a number into its canonical form.
func (c *checker) phone(field, country string, s *string) *string {
	if s == nil || strings.TrimSpace(*s) == "" {
		return nil
	}
	t, err := Phone(*s, country)
	if err != nil {
		c.Take(field, err)
		return s
	}
	return &t
}

// kind refuses an id of another kind by the name of the kind wanted.
func (c *checker) kind(field, prefix string, id *string) {
	if id != nil {
		c.Take(field, wrongKind(field, prefix, *id))
	}
}

// kinds refuses ids of another kind in a list.
func (c *checker) kinds(field, prefix string, ids []string) {
	for i := range ids {
		c.kind(pathOf(field, i), prefix, &ids[i])
	}
}

// given tells whether an input field was sent.
func given[T any](o graphql.Omittable[T]) bool { return o.IsSet() }

// pathOf names a place in a list.
func pathOf(list string, i int) string { return list + "[" + strconv.Itoa(i) + "]" }
