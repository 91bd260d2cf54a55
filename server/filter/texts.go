package filter

import (
	"strings"
	"unicode/utf8"

	"github.com/rapidbott/tideboard/server/fold"
	"github.com/rapidbott/tideboard/server/scope"
)

// TextComparator compares a text, ignoring case and accents.
type TextComparator struct {
	Eq         *string
	Ne         *string
	In         []string
	NotIn      []string
	Contains   *string
	StartsWith *string
	IsNull     *bool
}

// KeyComparator compares an identifier, character by character.
type KeyComparator TextComparator

// texts compares folded texts with what a comparator gives, folded too.
func texts[T any](c *compiler[T], path string, of figure[T, string], f *TextComparator) {
	if f != nil {
		compareTexts(c, path, of, *f, fold.Text)
	}
}

// folded is a column of folded texts, read from a row by what it is folded from.
func folded[T any](name string, get func(T) *string) figure[T, string] {
	text := pointed(get)
	return column(name, func(r T) (string, bool) {
		s, ok := text(r)
		return fold.Text(s), ok
	})
}

// keys compares a column of identifiers as they are.
func keys[T any](c *compiler[T], path, name string, get func(T) *string, f *KeyComparator) {
	if f != nil {
		compareTexts(c, path, column(name, pointed(get)), TextComparator(*f), func(s string) string { return s })
	}
}

func compareTexts[T any](c *compiler[T], path string, of figure[T, string], f TextComparator, form func(string) string) {
	one := func(name string, s *string) *string {
		if s == nil {
			return nil
		}
		c.short(path+"."+name, *s)
		t := form(*s)
		return &t
	}
	list := func(name string, in []string) (out []string) {
		if in != nil {
			out = []string{}
		}
		for _, s := range in {
			out = append(out, *one(name, &s))
		}
		return out
	}
	compareTo(c, path, of, asked[string]{eq: one("eq", f.Eq), ne: one("ne", f.Ne), in: list("in", f.In), notIn: list("notIn", f.NotIn), isNull: f.IsNull})
	if part := one("contains", f.Contains); part != nil {
		c.add(containing(of, *part))
	}
	if part := one("startsWith", f.StartsWith); part != nil {
		c.add(startingWith(of, *part))
	}
}

// containing holds for rows whose text has a part.
func containing[T any](f figure[T, string], part string) Pred[T] {
	return And([]Pred[T]{f.has(), {func(b *scope.Builder, a string) {
		text, args := f.expr(b, a)
		b.Contains(text, part, args...)
	}, func(r T) bool {
		v, ok := f.get(r)
		return ok && strings.Contains(v, part)
	}, ofPart(part)}})
}

// startingWith holds for rows whose text begins so.
func startingWith[T any](f figure[T, string], part string) Pred[T] {
	return And([]Pred[T]{f.has(), {func(b *scope.Builder, a string) {
		b.Add("substr(")
		f.write(b, a, ", 1, ?) = ?", utf8.RuneCountInString(part), part)
	}, func(r T) bool {
		v, ok := f.get(r)
		return ok && strings.HasPrefix(v, part)
	}, ofPart(part)}})
}

// short refuses texts that are too long to be looked for.
func (c *compiler[T]) short(path, s string) {
	if len(s) > MaxText {
		c.problems.Add(path, "is longer than %d bytes", MaxText)
	}
}
