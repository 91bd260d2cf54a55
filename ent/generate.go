package ent

//go:generate go tool ent generate --feature privacy,entql,sql/lock ./schema
