package row

import (
	"database/sql"
	"time"

	"github.com/rapidbott/tideboard/ent/viewer"
)

// Optional scans the columns of a row that an outer join may leave empty. The row is set also when it was empty;
// whoever joined knows by the joining column.
type Optional[T any] struct{ Row *T }

// Dest gives what to scan the columns of a row into, each of which may be null.
func (o *Optional[T]) Dest(dest func(*T) []any) []any {
	o.Row = new(T)
	out := dest(o.Row)
	for i, d := range out {
		switch d := d.(type) {
		case *string:
			out[i] = orZero[string]{d}
		case *int:
			out[i] = orZero[int]{d}
		case *bool:
			out[i] = orZero[bool]{d}
		case *viewer.Role:
			out[i] = orZero[viewer.Role]{d}
		case utc:
			out[i] = orNever{d.t}
		}
	}
	return out
}

// orZero scans a value, or the zero value for null.
type orZero[T any] struct{ into *T }

func (o orZero[T]) Scan(v any) error {
	var n sql.Null[T]
	err := n.Scan(v)
	*o.into = n.V
	return err
}

// orNever scans an instant, or the zero one for null.
type orNever struct{ into *time.Time }

func (o orNever) Scan(v any) error {
	if v == nil {
		return nil
	}
	return utc{o.into}.Scan(v)
}
