package row

import "github.com/rapidbott/tideboard/server/fold"

// Folded is a text without case and accents; nil for none.
func Folded(s *string) *string {
	if s == nil {
		return nil
	}
	f := fold.Text(*s)
	return &f
}
