import { quietTensorFlow } from './engine/quiet-tensorflow';

quietTensorFlow();

export type { Dataset, ImageSet } from './data/dataset';
export { imageBatch, labelBatch, subset } from './data/dataset';
export { parseIdx } from './data/idx';
export type { IdxArray } from './data/idx';
export { loadDataset } from './data/load-dataset';
export type { DatasetName, LoadDatasetOptions } from './data/load-dataset';
export { matrix, row, selectRows } from './data/matrix';
export type { Matrix } from './data/matrix';
export { balancedBatches } from './data/balanced-batches';
export { bufferShuffledBatches } from './data/buffer-shuffled-batches';
export { classOrder } from './data/class-order';
export { classStatistics } from './data/class-statistics';
export type { ClassStatistics } from './data/class-statistics';
export { dropoutMask } from './data/dropout-mask';
export { inverted } from './data/inverted';
export type { InvertedOptions } from './data/inverted';
export { evaluationBatches, orderedBatches } from './data/ordered-batches';
export { shuffledBatches } from './data/shuffled-batches';
export type { Sampler } from './data/sampler';
export { stratifiedSplit } from './data/stratified-split';
export type { Split, StratifiedSplitOptions } from './data/stratified-split';
export type { OnProgress, Progress } from './data/progress';
export { seededRandom } from './data/random';
export type { Random } from './data/random';

export { classificationHead } from './model/classification-head';
export type { ClassificationHeadOptions } from './model/classification-head';
export { fashionNetwork } from './model/fashion-network';
export { mnistNetwork } from './model/mnist-network';
export { exportLayersModel, loadLayersModel } from './model/layers-model';
export { L2Normalisation } from './model/l2-normalisation';

export { batchAllLoss } from './loss/batch-all';
export { batchHardLoss } from './loss/batch-hard';
export type { BatchHardLoss, BatchHardOptions } from './loss/batch-hard';
export { denseBatchAllLoss } from './loss/dense-batch-all';
export { denseSemiHardLoss } from './loss/dense-semi-hard';
export { pairwiseDistances } from './loss/distances';
export type { DistanceOptions } from './loss/distances';
export { embeddingGeometry } from './loss/embedding-geometry';
export type { EmbeddingGeometry } from './loss/embedding-geometry';
export { semiHardLoss } from './loss/semi-hard';
export { simplexBound, simplexEdge } from './loss/simplex-bound';
export { softmaxLoss } from './loss/softmax';
export type { SoftmaxLoss } from './loss/softmax';
export type { TripletLoss, TripletLossOptions } from './loss/triplet-loss';

export { compile } from './engine/compile';
export { chooseEngine } from './engine/device';
export type { EngineOptions } from './engine/device';
export { ENGINES } from './engine/engines';
export type { Engine, EngineChoice } from './engine/engines';
export { exportOnnx } from './engine/export-onnx';
export type { OnnxExportOptions } from './engine/export-onnx';
export type { ArrayValue, CompiledStep, InputType, Step, StepSignature } from './engine/step';

export { confidenceInterval } from './evaluate/confidence-interval';
export type { ConfidenceInterval } from './evaluate/confidence-interval';
export { classScores, confusionMatrix } from './evaluate/confusion';
export type { ClassificationScores, ClassScores } from './evaluate/confusion';
export { distanceDistribution } from './evaluate/distance-distribution';
export type { DistanceDistribution } from './evaluate/distance-distribution';
export { knnAccuracies, knnAccuracy, knnPredictions } from './evaluate/knn';
export type { LabelledEmbeddings } from './evaluate/labelled-embeddings';
export { neighbourPrecision } from './evaluate/neighbour-precision';
export type { NeighbourPrecision } from './evaluate/neighbour-precision';
export { majorityVotes } from './evaluate/neighbour-votes';
export { nearestNeighbours } from './evaluate/neighbours';
export type { Neighbours } from './evaluate/neighbours';
export { rawPixelBaseline, rawPixels } from './evaluate/raw-pixels';
export { retrievalMetrics } from './evaluate/retrieval';
export type { ClassRetrievalMetrics, RetrievalMetrics } from './evaluate/retrieval';
export { silhouette } from './evaluate/silhouette';

export type { Initialisation } from './projection/initialisation';
export { pca, principalComponents } from './projection/pca';
export type { PcaOptions, PrincipalComponents } from './projection/pca';
export { placeAmong } from './projection/place-among';
export type { PlaceAmongOptions } from './projection/place-among';
export { alignEpochs, procrustes } from './projection/procrustes';
export type { Epoch } from './projection/procrustes';
export type { ProjectionOptions } from './projection/projection';
export { continuity, projectedAccuracy, trustworthiness } from './projection/quality';
export { tsne } from './projection/tsne';
export type { TsneOptions } from './projection/tsne';
export { umap } from './projection/umap';
export type { UmapOptions } from './projection/umap';

export { adam } from './train/adam';
export type { AdamOptions, Optimiser } from './train/adam';
export { embed } from './train/embedder';
export type { Embedded, EmbedOptions } from './train/embedder';
export { lossAndGradients } from './train/gradients';
export { STRATEGIES } from './train/strategies';
export type { Strategy } from './train/strategies';

export { buildSampler } from './experiment/build';
export { compareRuns, groupRuns } from './experiment/compare-runs';
export type { RunGroup, RunMetrics } from './experiment/compare-runs';
export { configuration } from './experiment/configuration';
export type { Configuration } from './experiment/configuration';
export { diagnose } from './experiment/diagnose';
export type { Finding, FindingKind, RunRecord } from './experiment/diagnose';
export { evaluateRun } from './experiment/evaluation';
export type { Evaluation } from './experiment/evaluation';
export { FASHION_STUDY } from './experiment/fashion-study';
export { headPredictions } from './experiment/head-predictions';
export { trainingRevision } from './experiment/identity';
export { runEpochs, runPictures } from './experiment/pictures';
export type { PictureOptions, RunPictures } from './experiment/pictures';
export { configure, PRESETS, projectionIterations } from './experiment/preset';
export type { Preset } from './experiment/preset';
export { measureProjection, projectRun } from './experiment/projection';
export type {
  ProjectionMethod,
  ProjectionMethodOptions,
  ProjectionQuality,
  RunProjection,
} from './experiment/projection';
export { PUBLISHED_MNIST, publishedMnist } from './experiment/published';
export type { PublishedRow } from './experiment/published';
export type { RedisOptions } from './experiment/queue/redis-settings';
export { openRegistry } from './experiment/registry/registry';
export type { Registry, RegistryOptions } from './experiment/registry/registry';
export type { DamagedRun, RunEntry } from './experiment/registry/scan-runs';
export { loadRun, run } from './experiment/run';
export type { Run, RunOptions } from './experiment/run';
export { preparedImages, runData } from './experiment/run-data';
export type { RunData } from './experiment/run-data';
export type { MetricsLine } from './experiment/run-folder';
export type { Snapshot } from './experiment/snapshots';
export type { Summary } from './experiment/summary';
export type { Executor, ExecutorOptions, TrialEvent } from './experiment/sweep/executor';
export type { OnSweepProgress } from './experiment/sweep/follow';
export { gridPlan, oneFactorPlan, randomPlan } from './experiment/sweep/plan';
export type { Grid, Plan, RandomPlanOptions } from './experiment/sweep/plan';
export { sweep } from './experiment/sweep/sweep';
export type { SweepOptions } from './experiment/sweep/sweep';
export type { TrialState } from './experiment/sweep/trial-state';
export { loadHead, loadNetwork } from './experiment/trained-network';

export { comparisonTable } from './figure/comparison-table';
export type { ComparisonTableOptions } from './figure/comparison-table';
export { confusionFigure, scoresTable } from './figure/confusion-figure';
export { curvePanels, curves } from './figure/curves';
export type { CurvePanel, Reference, Series, Tick } from './figure/curves';
export { dataNotice, figureTitle } from './figure/data-notice';
export { distanceCurves } from './figure/distance-curves';
export { effectCurves } from './figure/effect-curves';
export type { EffectCurvesOptions } from './figure/effect-curves';
export { findingsOfRuns } from './figure/findings-of-runs';
export { findingsTable } from './figure/findings-table';
export type { Figure } from './figure/figure';
export { frameTable } from './figure/frame-table';
export type { FrameTableOptions } from './figure/frame-table';
export { heatmap } from './figure/heatmap';
export { imageGrid } from './figure/image-grid';
export { projectionPanels } from './figure/projection-panels';
export { projectionScatter } from './figure/projection-scatter';
export { publishedTable } from './figure/published-table';
export { randomImages } from './figure/random-images';
export type { RandomImagesOptions } from './figure/random-images';
export { classTable, retrievalTable } from './figure/retrieval-table';
export { runCurves } from './figure/run-curves';
export type { RunCurvesOptions } from './figure/run-curves';
export { runsTable } from './figure/runs-table';
export type { RunColumns, RunsTableOptions } from './figure/runs-table';
export { scatter } from './figure/scatter';
export { scatterPanels } from './figure/scatter-panels';
export type { ScatterPanel, ScatterPanelsOptions } from './figure/scatter-panels';
export { smooth } from './figure/smooth';
export { spreadTable } from './figure/spread-table';
export type { Measurements, SpreadTableOptions } from './figure/spread-table';
export { table } from './figure/table';
export { trainingCurves } from './figure/training-curves';
export type { TrainingCurvesOptions } from './figure/training-curves';

export { explorer } from './explorer/explorer';
export type { ExplorerOptions } from './explorer/explorer-options';
export { runExplorer } from './explorer/run-explorer';
export type { RunExplorerOptions } from './explorer/run-explorer';

export type { LoggedEvent } from './tensorboard/event';
export { encodeEvents, writeEvents } from './tensorboard/event-file';
export { exportTensorBoard } from './tensorboard/export-tensorboard';
export type { TensorBoardOptions } from './tensorboard/export-tensorboard';
export { exportProjector } from './tensorboard/projector';
export type { ProjectorOptions } from './tensorboard/projector';
export { runEvents } from './tensorboard/run-events';
export type { RunEvents } from './tensorboard/run-events';

export { ItemDatabase } from './recommend/item-database';
export type {
  Catalogue,
  CreateOptions,
  Item,
  NewItems,
  Recommendation,
  RecommendOptions,
} from './recommend/item-database';
export { recommendationFigure } from './recommend/recommendation-figure';
export type {
  RecommendationFigureOptions,
  RecommendationRow,
} from './recommend/recommendation-figure';

export { conclude } from './notebook/conclude';
export { interruptSignal } from './notebook/interrupt-signal';
export { liveFigure } from './notebook/live-figure';
export type { NotebookParameters } from './notebook/notebook-parameters';
export { progressBar } from './notebook/progress-bar';
export type { ProgressBar } from './notebook/progress-bar';
export { enableFigures, show } from './notebook/show';
export { sweepProgress } from './notebook/sweep-progress';
export type { SweepProgress, SweepProgressOptions } from './notebook/sweep-progress';

export type { MachineCheck, Mark } from './commands/doctor/check';
export { examineMachine } from './commands/doctor/examine-machine';
export type { ExamineMachineOptions } from './commands/doctor/examine-machine';
