"""A network as Keras code: what builds exactly the model that is served."""
