package rest

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"

	"github.com/rapidbott/tideboard/server/fault"
)

// checkNames refuses names in a JSON text that are not, letter by letter, those of the type it is read into, and names that
// are given twice: the decoder takes any case for the same, and the last of several. What is kept as it is, a
// json.RawMessage, is checked by whoever reads it.
func checkNames(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber() // a number too large for a float is no fault of the names
	return names{d}.value("", reflect.TypeOf(into))
}

type names struct{ *json.Decoder }

var unread = reflect.TypeFor[json.RawMessage]()

// value reads the next value, which is at this path and becomes a value of this type.
func (d names) value(path string, t reflect.Type) error {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == unread {
		var skipped json.RawMessage
		return d.Decode(&skipped)
	}
	token, err := d.Token()
	switch {
	case err != nil:
		return err
	case token == json.Delim('{'):
		err = d.object(path, t)
	case token == json.Delim('['):
		err = d.list(path, t)
	default:
		return nil
	}
	if err == nil {
		_, err = d.Token() // the closing bracket
	}
	return err
}

func (d names) object(path string, t reflect.Type) error {
	known, seen := fieldsOf(t), map[string]bool{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return err
		}
		name := token.(string)
		at := name
		if path != "" {
			at = path + "." + name
		}
		of, ok := known[name]
		switch {
		case known != nil && !ok:
			return fault.At(at, fault.UnknownField, "there is no field %q", name)
		case seen[name]:
			return fault.At(at, fault.ValidationFailed, "is given more than once")
		}
		seen[name] = true
		if err := d.value(at, of); err != nil {
			return err
		}
	}
	return nil
}

func (d names) list(path string, t reflect.Type) error {
	var of reflect.Type
	if t != nil && t.Kind() == reflect.Slice {
		of = t.Elem()
	}
	for i := 0; d.More(); i++ {
		if err := d.value(path+"["+strconv.Itoa(i)+"]", of); err != nil {
			return err
		}
	}
	return nil
}

// fieldsOf are the fields of a struct by their names in JSON; nil for what is no struct and has any names.
func fieldsOf(t reflect.Type) map[string]reflect.Type {
	if t == nil || t.Kind() != reflect.Struct {
		return nil
	}
	out := map[string]reflect.Type{}
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		out[name] = t.Field(i).Type
	}
	return out
}
