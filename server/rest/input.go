package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"

	"github.com/rapidbott/tideboard/server/fault"
)

// maxBody is the size of a body in bytes.
const maxBody = 5_000_000

// decode reads a body of JSON, strictly; see parse.
func decode(w http.ResponseWriter, r *http.Request, into any) error {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/json" {
		return fault.New(fault.ValidationFailed, "the body must be application/json")
	}
	b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return fault.New(fault.ValidationFailed, "the body cannot be read, or has more than %d bytes", maxBody)
	}
	return parse(b, into)
}

// parse reads a JSON object into a struct, strictly: one value, no field that is not known under just this name, none given
// twice, no other type.
func parse(b []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	var object json.RawMessage
	if d.Decode(&object) != nil || object[0] != '{' {
		return fault.New(fault.ValidationFailed, "is not a JSON object")
	}
	if _, more := d.Token(); more != io.EOF {
		return fault.New(fault.ValidationFailed, "is more than one JSON object")
	}
	if err := checkNames(object, into); err != nil {
		return err
	}
	err := json.Unmarshal(object, into)
	var wrong *json.UnmarshalTypeError
	switch {
	case err == nil || fault.Of(err) != nil:
		return err
	case errors.As(err, &wrong) && wrong.Field != "":
		return fault.At(wrong.Field, fault.ValidationFailed, "must not be a %s", wrong.Value)
	}
	return fault.New(fault.ValidationFailed, "is not a JSON object that can be read")
}

// query reads the parameters of an address, refusing those that are not named here and those given twice.
func query(r *http.Request, names ...string) (url.Values, error) {
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, fault.New(fault.ValidationFailed, "the query string cannot be read")
	}
	p := &fault.Problems{}
	for name, values := range q {
		switch {
		case !slices.Contains(names, name):
			return nil, fault.At(name, fault.UnknownField, "there is no parameter %q", name)
		case len(values) > 1:
			p.Add(name, "is given %d times", len(values))
		}
	}
	return q, p.Err()
}
