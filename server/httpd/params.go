package httpd

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"unicode/utf8"

	"github.com/rapidbott/tideboard/server/gql"
)

// decodeParams reads the parameters of a request from a JSON object: a POST body, or the payload of `subscribe`. The
// error is a sentence for the client. Entries with other names are ignored, as GraphQL over HTTP demands ("Request
// Parameters"); entries of the wrong type are not.
func decodeParams(raw []byte) (gql.Request, error) {
	var req gql.Request
	entries, err := object(raw)
	if err != nil {
		return req, err
	}
	for _, param := range []struct {
		name string
		into any
	}{
		{"query", &req.Query},
		{"operationName", &req.OperationName},
		{"variables", &req.Variables},
		{"extensions", &req.Extensions},
	} {
		if err := decodeParam(param.name, entries[param.name], param.into); err != nil {
			return req, err
		}
	}
	return req, complete(req)
}

// decodeQuery reads the parameters of a request from a URL.
func decodeQuery(raw string) (gql.Request, error) {
	var req gql.Request
	values, err := url.ParseQuery(raw)
	if err != nil {
		return req, errors.New("the query string is malformed")
	}
	for _, name := range []string{"query", "operationName", "variables", "extensions"} {
		if !utf8.ValidString(values.Get(name)) {
			return req, errors.New("the text must be UTF-8")
		}
	}
	req.Query = values.Get("query")
	req.OperationName = values.Get("operationName")
	if err := decodeParam("variables", []byte(values.Get("variables")), &req.Variables); err != nil {
		return req, err
	}
	if err := decodeParam("extensions", []byte(values.Get("extensions")), &req.Extensions); err != nil {
		return req, err
	}
	return req, complete(req)
}

// complete tells whether there is something to run. A persisted query may stand for its text.
func complete(req gql.Request) error {
	if _, persisted := req.Extensions["persistedQuery"]; req.Query == "" && !persisted {
		return errors.New("query is required and must be a string that is not empty")
	}
	return nil
}

// decodeParam keeps numbers as they were written: an id of 19 digits is not a float64.
func decodeParam(name string, raw []byte, into any) error {
	if len(raw) == 0 {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	err := d.Decode(into)
	if err == nil && d.InputOffset() != int64(len(bytes.TrimRight(raw, " \t\r\n"))) {
		err = errors.New("more than one JSON value")
	}
	if err == nil {
		return nil
	}
	want := "a JSON object"
	if _, ok := into.(*string); ok {
		want = "a string"
	}
	return fmt.Errorf("%s must be %s", name, want)
}

// object reads a JSON object one level deep. Names are matched exactly, which decoding into a struct would not do.
func object(raw []byte) (map[string]json.RawMessage, error) {
	if !utf8.Valid(raw) {
		return nil, errors.New("the text must be UTF-8")
	}
	var entries map[string]json.RawMessage
	if err := json.Unmarshal(raw, &entries); err != nil || entries == nil {
		return nil, errors.New("a JSON object is needed")
	}
	return entries, nil
}
