package template

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"unicode/utf8"

	"github.com/rapidbott/tideboard/server/fold"
)

var keys = regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)

// check tells which rule of pipelines a template breaks, if any.
func (t *Template) check() error {
	long := func(s string, max int) bool { return s == "" || utf8.RuneCountInString(s) > max }
	switch {
	case t.Category == "":
		return errors.New("stands in no category")
	case !keys.MatchString(t.Key) || long(t.Key, 64):
		return fmt.Errorf("%q is no key", t.Key)
	case long(t.Name, 100):
		return fmt.Errorf("the name of %s is not 1–100 characters long", t.Key)
	case long(t.Description, 500):
		return fmt.Errorf("the description of %s is not 1–500 characters long", t.Key)
	case len(t.Stages) > 50:
		return fmt.Errorf("%s has %d stages", t.Key, len(t.Stages))
	case !slices.ContainsFunc(t.Stages, func(s Stage) bool { return s.Kind == "OPEN" }):
		return fmt.Errorf("%s has no OPEN stage", t.Key)
	}
	seen := map[string]bool{}
	for _, s := range t.Stages {
		if key := fold.Key(s.Name); long(s.Name, 60) || seen[key] {
			return fmt.Errorf("%s: the stage name %q is too long or taken", t.Key, s.Name)
		} else {
			seen[key] = true
		}
	}
	return nil
}
