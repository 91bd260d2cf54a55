package filter

import "reflect"

// Empty tells whether a filter states nothing, however it nests: it would let every record pass.
func (f *RecordFilter) Empty() bool { return hollow(reflect.ValueOf(f)) }

func hollow(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer:
		return v.IsNil() || v.Elem().Kind() == reflect.Struct && hollow(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			if !hollow(v.Field(i)) {
				return false
			}
		}
		return true
	case reflect.Slice:
		if v.Type().Elem().Kind() != reflect.Pointer { // a list of values is a condition, even without any
			return v.IsNil()
		}
		for i := range v.Len() {
			if !hollow(v.Index(i)) {
				return false
			}
		}
		return true
	}
	return v.IsZero()
}
