// Package row holds the read models: one flat struct per entity, as the API shows it. Rows come from three places,
// and mean the same from each: scanned from the database, decoded from an image in the change log, or built by a
// command. They know nothing of how they were stored or how they are encoded. A row in use is never modified.
package row

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/rapidbott/tideboard/ent/viewer"
)

// Revision numbers a workspace's commits: 1, 2, 3 … without gaps.
type Revision int64

// MarshalGQL writes a decimal string.
func (r Revision) MarshalGQL(w io.Writer) {
	var buf [24]byte
	b := append(buf[:0], '"')
	b = strconv.AppendInt(b, int64(r), 10)
	_, _ = w.Write(append(b, '"'))
}

// UnmarshalGQL reads a decimal string or a whole number, not negative.
func (r *Revision) UnmarshalGQL(v any) error {
	n, err := strconv.ParseInt(fmt.Sprint(v), 10, 64)
	if err != nil || n < 0 || fmt.Sprint(v) != strconv.FormatInt(n, 10) {
		return fmt.Errorf("a revision is a whole number of 0 or more, as a decimal string")
	}
	*r = Revision(n)
	return nil
}

// JSON is any JSON value, kept as text.
type JSON json.RawMessage

// MarshalGQL writes the value as it is.
func (j JSON) MarshalGQL(w io.Writer) {
	if len(j) == 0 {
		_, _ = io.WriteString(w, "null")
		return
	}
	_, _ = w.Write(j)
}

// UnmarshalGQL takes any value.
func (j *JSON) UnmarshalGQL(v any) error {
	b, err := json.Marshal(v)
	*j = b
	return err
}

// MarshalJSON writes the value as it is.
func (j JSON) MarshalJSON() ([]byte, error) { return json.RawMessage(j).MarshalJSON() }

// UnmarshalJSON keeps the text.
func (j *JSON) UnmarshalJSON(b []byte) error {
	*j = append((*j)[:0], b...)
	return nil
}

// Scan reads a JSON column.
func (j *JSON) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*j = nil
	case []byte:
		*j = append(JSON(nil), v...)
	case string:
		*j = JSON(v)
	default:
		return fmt.Errorf("row: a JSON column of %T", v)
	}
	return nil
}

// Strings is a list of texts, stored as JSON.
type Strings []string

// Scan reads a JSON column.
func (s *Strings) Scan(v any) error { return scanJSON(v, (*[]string)(s)) }

// Actor is who did something.
type Actor viewer.Actor

// Identity is the member's or the key's id; nil for the system.
func (a Actor) Identity() *string {
	if a.ID == "" {
		return nil
	}
	return &a.ID
}

// Scan reads a JSON column.
func (a *Actor) Scan(v any) error { return scanJSON(v, (*viewer.Actor)(a)) }

func scanJSON(v, into any) error {
	var j JSON
	if err := j.Scan(v); err != nil || len(j) == 0 {
		return err
	}
	return json.Unmarshal(j, into)
}

// jsonOf scans a JSON column into what it points at.
type jsonOf struct{ into any }

func (j jsonOf) Scan(v any) error { return scanJSON(v, j.into) }

// utc scans an instant as UTC.
type utc struct{ t *time.Time }

func (u utc) Scan(v any) error {
	switch v := v.(type) {
	case time.Time:
		*u.t = v.UTC()
		return nil
	case string: // SQLite, for a column whose type the statement hides
		t, err := time.Parse("2006-01-02 15:04:05.999999999-07:00", v)
		*u.t = t.UTC()
		return err
	}
	return fmt.Errorf("row: an instant of %T", v)
}

type utcPtr struct{ t **time.Time }

func (u utcPtr) Scan(v any) error {
	if v == nil {
		*u.t = nil
		return nil
	}
	var t time.Time
	*u.t = &t
	return utc{&t}.Scan(v)
}

// UTCOrNull scans an instant into t, as UTC, or nil for null.
func UTCOrNull(t **time.Time) any { return utcPtr{t} }

// UTC scans an instant into t, as UTC.
func UTC(t *time.Time) any { return utc{t} }

// Key is the id.
func (p *Pipeline) Key() string { return p.ID }

// Key is the id.
func (s *Stage) Key() string { return s.ID }

// Key is the id.
func (m *Member) Key() string { return m.ID }

// Key is the id.
func (c *Contact) Key() string { return c.ID }

// Key is the id.
func (c *Company) Key() string { return c.ID }

// Key is the id.
func (r *Record) Key() string { return r.ID }
