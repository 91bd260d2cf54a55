package row

import (
	"strconv"
	"strings"

	"github.com/rapidbott/tideboard/server/fold"
)

// TagEnd closes each text in a list of folded texts.
const TagEnd = "\x1f"

// TagKeys folds tags into one text, in which a tag is found as TagEnd + fold.Key(tag) + TagEnd.
func TagKeys(tags []string) string { return closed(tags, fold.Key) }

// closed is a list of texts as one, each folded and closed.
func closed(texts []string, fold func(string) string) string {
	if len(texts) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString(TagEnd)
	for _, t := range texts {
		b.WriteString(fold(t))
		b.WriteString(TagEnd)
	}
	return b.String()
}

// SearchText folds the fields of a record that text search reads; the digits of its phone stand alone on a line.
func (r *Record) SearchText() string {
	if r.search == nil {
		s := searchText(fold.Digits(str(r.ContactPhone)), r.Title, str(r.Description), strconv.Itoa(r.Number), str(r.ExternalID),
			str(r.ContactName), str(r.ContactEmail), str(r.CompanyName), strings.Join(r.Tags, "\n"))
		return s
	}
	return *r.search
}

// TagKeys folds the record's tags.
func (r *Record) TagKeys() string {
	if r.keys == nil {
		return TagKeys(r.Tags)
	}
	return *r.keys
}

// Indexed remembers SearchText and TagKeys, for a row that will be matched often.
func (r *Record) Indexed() *Record {
	if r.search != nil {
		return r
	}
	s, k := r.SearchText(), r.TagKeys()
	r.search, r.keys = &s, &k
	return r
}

// SearchText folds the fields of a contact that text search reads.
func (c *Contact) SearchText() string {
	digits := make([]string, len(c.Phones))
	for i, p := range c.Phones {
		digits[i] = fold.Digits(p)
	}
	return searchText(strings.Join(digits, "\n"), c.FirstName, c.LastName, strings.Join(c.Emails, "\n"),
		str(c.CompanyName), str(c.Description), strings.Join(c.Tags, "\n"))
}

// SearchText folds the fields of a company that text search reads.
func (c *Company) SearchText() string {
	digits := make([]string, len(c.Phones))
	for i, p := range c.Phones {
		digits[i] = fold.Digits(p)
	}
	return searchText(strings.Join(digits, "\n"), c.Name, str(c.Domain), str(c.Website), str(c.Industry), strings.Join(c.Emails, "\n"),
		str(c.Description), strings.Join(c.Tags, "\n"))
}

// SearchText folds the fields of a task that text search reads.
func (t *Task) SearchText() string { return searchText("", t.Title, str(t.Description)) }

func searchText(digits string, texts ...string) string {
	parts := make([]string, 0, len(texts)+1)
	for _, t := range texts {
		if t != "" {
			parts = append(parts, fold.Text(t))
		}
	}
	if digits != "" {
		parts = append(parts, digits)
	}
	return strings.Join(parts, "\n")
}

func str(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
