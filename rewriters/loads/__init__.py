"""Code that loads models: SavedModels in a session, predictors, MetaGraphs, frozen graphs, Keras models."""
